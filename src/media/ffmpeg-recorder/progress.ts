import { basename } from 'node:path'

/** A segment that ffmpeg has finished, from its csv segment list. */
export interface FinishedSegment {
  /** File name without folder. */
  readonly name: string
  /** Seconds of media since ffmpeg's start. */
  readonly start: number
  readonly end: number
}

/** `20261123_183000.mp4,0.000000,180.040000` (ffmpeg: -segment_list_type csv). Undefined for what is none. */
export function parseSegmentLine(line: string): FinishedSegment | undefined {
  const match = /^"?([^",]+)"?,(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)\s*$/.exec(line)
  if (!match) return undefined
  return { name: basename(match[1]!), start: Number(match[2]), end: Number(match[3]) }
}

/** The video frames of a `-progress` line, `frame=250`; undefined for every other line. */
export function parseProgressFrames(line: string): number | undefined {
  const match = /^frame=\s*(\d{1,15})\s*$/.exec(line)
  return match ? Number(match[1]) : undefined
}

/** The path of `[segment @ 0x...] [info] Opening '/archive/x.mp4' for writing`; undefined for every other line. */
export function parseOpenedFile(line: string): string | undefined {
  return /^\[segment @ [^\]]+\].*Opening '(.+)' for writing/.exec(line)?.[1]
}

/** Whether ffmpeg says that the container has no place for a codec, and so that it will write nothing. */
export function isContainerRefusal(line: string): boolean {
  return line.includes('codec not currently supported in container')
}

/** Hands on the lines of a stream; a line over `limit` characters is cut, so that noise costs no memory. */
export class LineSplitter {
  readonly #take: (line: string) => void
  readonly #limit: number
  #rest = ''

  constructor(take: (line: string) => void, limit = 4_096) {
    this.#take = take
    this.#limit = limit
  }

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split(/\r?\n|\r/)
    this.#rest = (lines.pop() ?? '').slice(0, this.#limit)
    for (const line of lines) if (line !== '') this.#take(line.slice(0, this.#limit))
  }
}
