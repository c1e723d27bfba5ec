import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import { redactText } from '../../kernel/redact.ts'
import { type ProcessIdentity, readIdentity, terminate } from '../../process/index.ts'
import {
  type FinishedSegment,
  isContainerRefusal,
  LineSplitter,
  parseOpenedFile,
  parseProgressFrames,
  parseSegmentLine,
} from './progress.ts'

export interface FfmpegReports {
  opened(path: string): void
  finished(segment: FinishedSegment): void
  /** Video frames written since the start; comes each second. */
  frames(count: number): void
  /** The container has no place for one of the codecs: nothing will be written. */
  refused(): void
  /** The process is gone; `lastWords` is its last warning or error, without secrets. */
  exited(lastWords: string): void
}

/** One run of ffmpeg that records. */
export class FfmpegProcess {
  readonly #child: ChildProcess
  readonly #identity: ProcessIdentity | undefined
  readonly #clock: Clock
  readonly #gone: Promise<void>
  #lastWords = ''

  constructor(argv: readonly string[], input: string, timezone: string, clock: Clock, reports: FfmpegReports) {
    this.#clock = clock
    this.#child = spawn('ffmpeg', argv, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: timezone },
    })
    this.#identity = this.#child.pid === undefined ? undefined : readIdentity(this.#child.pid)
    const [stdin, stdout, stderr, progress] = this.#child.stdio
    stdin?.on('error', () => {}) // ffmpeg ended before it read its input; `exited` tells why
    stdin?.end(input)
    read(stdout as Readable, line => {
      const segment = parseSegmentLine(line)
      if (segment) reports.finished(segment)
    })
    read(progress as Readable, line => {
      const count = parseProgressFrames(line)
      if (count !== undefined) reports.frames(count)
    })
    read(stderr as Readable, line => {
      const path = parseOpenedFile(line)
      if (path !== undefined) reports.opened(path)
      if (isContainerRefusal(line)) reports.refused()
      if (/\[(error|fatal|warning|panic)\]/.test(line)) this.#lastWords = redactText(line).slice(0, 300)
    })
    this.#gone = new Promise(resolve => {
      let over = false
      const exited = (words: string) => {
        if (over) return
        over = true
        resolve()
        reports.exited(words)
      }
      this.#child.once('error', error => exited(error.message))
      this.#child.once('close', () => exited(this.#lastWords))
    })
  }

  /** INT, TERM, KILL; resolves when it is gone and has reported everything. */
  async stop(): Promise<void> {
    if (this.#identity) await terminate(this.#clock, this.#identity)
    await this.#gone
  }
}

function read(stream: Readable, take: (line: string) => void): void {
  const lines = new LineSplitter(take)
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => lines.push(chunk))
  stream.on('error', () => {})
}
