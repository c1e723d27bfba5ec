import {
  closeSegment,
  type Fragment,
  FragmentIndex,
  type FragmentsEnd,
  fragmentHeader,
  initSegment,
  type Mp4Run,
  type Mp4Track,
  type ReadInit,
  readSync,
  type SegmentMark,
  scanFragment,
  scanInit,
} from '../../../src/wire/mp4/index.ts'
import type { CodecParameters } from '../../../src/wire/track.ts'

/** Parameter sets that x264 and x265 made for 320x180 with B-frames. */
export const H264: CodecParameters = {
  codec: 'h264',
  sps: Buffer.from('674d400ceca0a0cfcf80880000030008000003019078a14cb0', 'hex'),
  pps: [Buffer.from('68ce0fc8', 'hex')],
}
export const H265: CodecParameters = {
  codec: 'h265',
  vps: Buffer.from('40010c01ffff01600000030090000003000003003c959009', 'hex'),
  sps: Buffer.from('42010101600000030090000003000003003ca00a080c1f3e595912930bc05a020000030002000003003210', 'hex'),
  pps: [Buffer.from('4401c073c189', 'hex')],
}
export const AAC: CodecParameters = {
  codec: 'aac',
  config: Buffer.from('1188', 'hex'),
  sampleRate: 48_000,
  channels: 1,
}
export const PCMU: CodecParameters = { codec: 'pcmu', sampleRate: 8_000, channels: 1 }
export const PCMA: CodecParameters = { codec: 'pcma', sampleRate: 8_000, channels: 2 }

export const MARK: SegmentMark = {
  version: 1,
  site: 'warehouse',
  camera: 'gate-1',
  stream: 'main',
  session: '20261123T183000Z-1',
  number: 3,
  wallStart: 1_795_458_600_123.5,
  mediaTime: 48_600_000,
  timescale: 90_000,
  reason: 'duration',
  clockOffset: -12.25,
}

export const VIDEO: Mp4Track = { id: 1, timescale: 90_000, parameters: H264 }
export const AUDIO: Mp4Track = { id: 2, timescale: 48_000, parameters: AAC }

/** One fragment to write: the runs, and the bytes of all their samples in order. */
export interface TestFragment {
  readonly runs: readonly Mp4Run[]
  readonly data: Buffer
}

/** A whole file, closed or not. */
export function writeFile(tracks: readonly Mp4Track[], fragments: readonly TestFragment[], close = true): Buffer {
  const init = initSegment(tracks, MARK, 4)
  const index = new FragmentIndex(init, tracks[0]!.id)
  const parts = [init.bytes]
  for (const [number, { runs, data }] of fragments.entries()) {
    const header = fragmentHeader(number + 1, runs)
    index.add(header.length + data.length, runs)
    parts.push(header, data)
  }
  const file = Buffer.concat(parts)
  if (close) for (const { offset, bytes } of closeSegment(init, index, 'duration')) bytes.copy(file, offset)
  return file
}

export interface ReadBack {
  readonly init: ReadInit | undefined
  readonly fragments: Fragment[]
  readonly end: FragmentsEnd | undefined
  /** Bytes that the reader asked for. */
  readonly bytesRead: number
}

/** Reads a whole file the way that a program does. */
export function readFile(file: Uint8Array): ReadBack {
  let bytesRead = 0
  const read = (offset: number, length: number) => {
    bytesRead += length
    return file.subarray(offset, offset + length)
  }
  const init = readSync(scanInit(file.length), read)
  const fragments: Fragment[] = []
  if (!init) return { init, fragments, end: undefined, bytesRead }
  for (let at = init.bytes.length; ; at = fragments.at(-1)!.end) {
    const step = readSync(scanFragment(init, at, file.length), read)
    if (step.type !== 'fragment') return { init, fragments, end: step, bytesRead }
    fragments.push(step.fragment)
  }
}
