import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodecParameters } from '../../src/wire/track.ts'

/** One access unit as a depacketizer would hand it out: NAL units behind four-byte lengths, or one audio frame. */
export interface EncodedUnit {
  readonly bytes: Buffer
  /** Ticks of `timescale`; decode times begin at 0. */
  readonly decodeTime: number
  readonly compositionOffset: number
  readonly duration: number
  readonly key: boolean
}

export interface EncodedTrack {
  readonly timescale: number
  readonly parameters: CodecParameters
  readonly units: readonly EncodedUnit[]
}

export interface VideoOptions {
  readonly codec: 'h264' | 'h265'
  readonly seconds: number
  readonly bFrames?: number
  readonly size?: string
  readonly rate?: number
  /** Of the encoder; another one has other parameter sets. */
  readonly preset?: string
}

const VIDEO_TIMESCALE = 90_000

/** Encodes ffmpeg's test picture, one key frame a second, and splits it into access units. `directory` takes the files. */
export function encodeVideo(directory: string, options: VideoOptions): EncodedTrack {
  const { codec, seconds, bFrames = 0, size = '320x180', rate = 25, preset = 'ultrafast' } = options
  const file = join(directory, `${codec}-${bFrames}-${size}-${seconds}-${rate}-${preset}.mp4`)
  const gop =
    codec === 'h264' ? ['-g', `${rate}`] : ['-x265-params', `log-level=error:keyint=${rate}:min-keyint=${rate}`]
  const encoder = codec === 'h264' ? 'libx264' : 'libx265'
  const source = `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`
  ffmpeg('-f', 'lavfi', '-i', source, '-c:v', encoder, '-preset', preset, '-bf', `${bFrames}`, ...gop, file)
  const raw = `${file}.raw`
  ffmpeg('-i', file, '-c', 'copy', '-f', codec === 'h264' ? 'h264' : 'hevc', raw)
  const units = codec === 'h264' ? splitH264(readFileSync(raw)) : splitH265(readFileSync(raw))
  const times = packetTimes(file)
  const zero = times[0]!.dts
  return {
    timescale: VIDEO_TIMESCALE,
    parameters: units.parameters,
    units: units.units.map((bytes, index) => ({
      bytes,
      decodeTime: Math.round((times[index]!.dts - zero) * VIDEO_TIMESCALE),
      compositionOffset: Math.round((times[index]!.pts - times[index]!.dts) * VIDEO_TIMESCALE),
      duration: VIDEO_TIMESCALE / rate,
      key: times[index]!.key,
    })),
  }
}

/** Encodes a tone. G.711 comes in frames of 20 ms. */
export function encodeAudio(directory: string, codec: 'aac' | 'pcmu' | 'pcma', seconds: number): EncodedTrack {
  const file = join(directory, `${codec}-${seconds}.audio`)
  const source = ['-f', 'lavfi', '-i', `sine=duration=${seconds}`]
  if (codec === 'aac') {
    ffmpeg(...source, '-ar', '48000', '-ac', '1', '-c:a', 'aac', '-f', 'adts', file)
    const units = splitAdts(readFileSync(file)).map((bytes, index) => unit(bytes, index * 1024, 1024))
    // AAC LC, 48 kHz, one channel.
    return {
      timescale: 48_000,
      parameters: { codec, config: Buffer.from([0x11, 0x88]), sampleRate: 48_000, channels: 1 },
      units,
    }
  }
  ffmpeg(...source, '-ar', '8000', '-ac', '1', '-f', codec === 'pcmu' ? 'mulaw' : 'alaw', file)
  const bytes = readFileSync(file)
  const units = Array.from({ length: Math.floor(bytes.length / 160) }, (_, index) =>
    unit(bytes.subarray(index * 160, index * 160 + 160), index * 160, 160),
  )
  return { timescale: 8_000, parameters: { codec, sampleRate: 8_000, channels: 1 }, units }
}

/** The track `times` times over, one behind the other. */
export function repeat(track: EncodedTrack, times: number): EncodedTrack {
  const length = track.units.reduce((sum, unit) => sum + unit.duration, 0)
  const units = Array.from({ length: times }, (_, turn) =>
    track.units.map(unit => ({ ...unit, decodeTime: unit.decodeTime + turn * length })),
  )
  return { ...track, units: units.flat() }
}

function unit(bytes: Buffer, decodeTime: number, duration: number): EncodedUnit {
  return { bytes, decodeTime, duration, compositionOffset: 0, key: true }
}

function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-threads', '1', ...args])
}

function packetTimes(file: string): { pts: number; dts: number; key: boolean }[] {
  const text = execFileSync('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'packet=pts_time,dts_time,flags',
    '-of',
    'json',
    file,
  ])
  const { packets } = JSON.parse(text.toString()) as { packets: Record<'pts_time' | 'dts_time' | 'flags', string>[] }
  return packets.map(({ pts_time, dts_time, flags }) => ({
    pts: Number(pts_time),
    dts: Number(dts_time),
    key: flags.startsWith('K'),
  }))
}

/** NAL units of an Annex B stream. */
function* nalUnits(stream: Buffer): Generator<Buffer> {
  let start = -1
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0; at = stream.indexOf('000001', at + 3, 'hex')) {
    if (start >= 0) yield trimmed(stream, start, at)
    start = at + 3
  }
  if (start >= 0) yield trimmed(stream, start, stream.length)
}

function trimmed(stream: Buffer, start: number, end: number): Buffer {
  let last = end
  while (last > start && stream[last - 1] === 0) last--
  return stream.subarray(start, last)
}

interface Split {
  readonly parameters: CodecParameters
  readonly units: Buffer[]
}

function splitH264(stream: Buffer): Split {
  const sets = new Map<number, Buffer>()
  const type = (nal: Buffer) => nal[0]! & 31
  const units = accessUnits(stream, sets, {
    type,
    isSlice: nal => type(nal) >= 1 && type(nal) <= 5,
    isFirstSlice: nal => (nal[1]! & 0x80) !== 0,
    isDropped: nal => type(nal) === 9,
    parameterSets: [7, 8],
  })
  return { parameters: { codec: 'h264', sps: sets.get(7)!, pps: [sets.get(8)!] }, units }
}

function splitH265(stream: Buffer): Split {
  const sets = new Map<number, Buffer>()
  const type = (nal: Buffer) => (nal[0]! >> 1) & 63
  const units = accessUnits(stream, sets, {
    type,
    isSlice: nal => type(nal) < 32,
    isFirstSlice: nal => (nal[2]! & 0x80) !== 0,
    isDropped: nal => type(nal) === 35,
    parameterSets: [32, 33, 34],
  })
  return { parameters: { codec: 'h265', vps: sets.get(32)!, sps: sets.get(33)!, pps: [sets.get(34)!] }, units }
}

interface NalRules {
  type(nal: Buffer): number
  isSlice(nal: Buffer): boolean
  isFirstSlice(nal: Buffer): boolean
  isDropped(nal: Buffer): boolean
  readonly parameterSets: readonly number[]
}

function accessUnits(stream: Buffer, sets: Map<number, Buffer>, rules: NalRules): Buffer[] {
  const units: Buffer[] = []
  let pending: Buffer[] = []
  let sliced = false
  const finish = () => {
    if (sliced) units.push(Buffer.concat(pending))
    if (sliced) pending = []
    sliced = false
  }
  for (const nal of nalUnits(stream)) {
    const slice = rules.isSlice(nal)
    if (!slice || rules.isFirstSlice(nal)) finish()
    if (rules.parameterSets.includes(rules.type(nal))) sets.set(rules.type(nal), nal)
    else if (!rules.isDropped(nal)) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(nal.length)
      pending.push(length, nal)
    }
    sliced ||= slice
  }
  finish()
  return units
}

function splitAdts(stream: Buffer): Buffer[] {
  const frames: Buffer[] = []
  let at = 0
  while (at + 7 <= stream.length) {
    const size = ((stream[at + 3]! & 3) << 11) | (stream[at + 4]! << 3) | (stream[at + 5]! >> 5)
    const header = stream[at + 1]! & 1 ? 7 : 9
    frames.push(stream.subarray(at + header, at + size))
    at += size
  }
  return frames
}
