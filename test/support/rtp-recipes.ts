import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitAnnexB } from '../../src/wire/bitstream/index.ts'
import type { Codec } from '../../src/wire/track.ts'
import { captureRtp, ffmpeg, ffprobe, frameCapture } from './rtp-capture.ts'

/** A stream that ffmpeg encodes and sends over RTP, for comparing what we make of it with what ffmpeg says it is. */
export interface Recipe {
  readonly name: string
  readonly codec: Codec
  readonly encode: readonly string[]
  /** Bytes of a packet that ffmpeg fills. */
  readonly packetSize: number
  /** Options for sending. MP4 keeps parameter sets apart, so a filter puts them in front of key frames again. */
  readonly send?: readonly string[]
  /** ffmpeg calls pictures key frames that are not IDR, which we do not once an IDR picture has come. */
  readonly openGop?: boolean
}

/** What ffmpeg says is in the stream. */
export interface Truth {
  readonly width: number
  readonly height: number
  /** Frames of reordering. */
  readonly reorder: number
  /** Start of the SHA-256 of each NAL unit but parameter sets and delimiters, or of each audio frame. */
  readonly hashes: readonly string[]
  /** The same of the whole elementary stream. */
  readonly whole: string
  /** 90 kHz for video, samples for audio; first frame at 0. */
  readonly pts: readonly number[]
  readonly dts: readonly number[]
  readonly keys: readonly boolean[]
}

const picture = (size: string, frames: number) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=25`,
  '-frames:v',
  `${frames}`,
]
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '38', '-threads', '1']
const annexB264 = ['-bsf:v', 'h264_mp4toannexb']
const tone = ['-f', 'lavfi', '-i', 'sine=r=16000:d=2.5']

export const RECIPES: readonly Recipe[] = [
  {
    name: 'h264-baseline-slices',
    codec: 'h264',
    encode: [...picture('160x96', 20), ...x264, '-profile:v', 'baseline', '-slices', '3', '-g', '10'],
    packetSize: 300,
    send: annexB264,
  },
  {
    name: 'h264-main-b-frames',
    codec: 'h264',
    encode: [...picture('174x98', 24), ...x264, '-profile:v', 'main', '-bf', '3', '-g', '12'],
    packetSize: 500,
    send: annexB264,
  },
  {
    name: 'h264-high-open-gop',
    codec: 'h264',
    encode: [
      ...picture('160x96', 24),
      ...x264,
      '-bf',
      '2',
      '-x264-params',
      'keyint=8:min-keyint=8:open-gop=1:scenecut=0:aud=1',
    ],
    packetSize: 1400,
    send: annexB264,
    openGop: true,
  },
  {
    name: 'h265-b-frames',
    codec: 'h265',
    encode: [
      ...picture('160x96', 20),
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '38'],
      ...['-x265-params', 'keyint=10:min-keyint=10:bframes=3:log-level=error:pools=1:info=0'],
    ],
    packetSize: 300,
    send: ['-bsf:v', 'hevc_mp4toannexb'],
  },
  {
    name: 'aac-several-a-packet',
    codec: 'aac',
    encode: [...tone, '-ac', '1', '-c:a', 'aac', '-b:a', '16k'],
    packetSize: 1400,
  },
  {
    name: 'pcmu',
    codec: 'pcmu',
    encode: ['-f', 'lavfi', '-i', 'sine=r=8000:d=0.5', '-ac', '1', '-c:a', 'pcm_mulaw'],
    packetSize: 200,
  },
]

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12)
}

/** Encodes and sends a recipe; gives the packets (RFC 4571 framing) and what ffmpeg says of them. */
export async function cook(recipe: Recipe, folder: string): Promise<{ capture: Buffer; truth: Truth }> {
  const video = recipe.codec === 'h264' || recipe.codec === 'h265'
  const file = join(folder, `${recipe.name}.${recipe.codec === 'pcmu' ? 'mkv' : 'mp4'}`)
  ffmpeg([...recipe.encode, '-fflags', '+bitexact', file])
  const capture = frameCapture(await captureRtp(file, '0:0', recipe.packetSize, recipe.send))
  const raw = join(folder, `${recipe.name}.raw`)
  const format = { h264: 'h264', h265: 'hevc', aac: 'data', pcmu: 'mulaw', pcma: 'alaw', other: 'data' }[recipe.codec]
  ffmpeg(['-i', file, '-c', 'copy', '-map', '0:0', '-f', format, raw])
  const probe = ffprobe(['-show_streams', '-show_packets', '-select_streams', '0', file])
  const stream = probe.streams[0]!
  const bytes = readFileSync(raw)
  const rate = video ? 90_000 : Number(stream.sample_rate)
  const ticks = (seconds: unknown) => Math.round(Number(seconds) * rate)
  const first = ticks(probe.packets[0]?.pts_time)
  const sizes = probe.packets.map(packet => Number(packet.size))
  return {
    capture,
    truth: {
      width: Number(stream.width ?? 0),
      height: Number(stream.height ?? 0),
      reorder: Number(stream.has_b_frames ?? 0),
      hashes: video ? pictureNals(bytes, recipe.codec).map(hash) : chunks(bytes, sizes).map(hash),
      whole: hash(bytes),
      pts: probe.packets.map(packet => ticks(packet.pts_time) - first),
      dts: probe.packets.map(packet => ticks(packet.dts_time) - first),
      keys: probe.packets.map(
        (packet, index) => String(packet.flags).startsWith('K') && (index === 0 || !recipe.openGop),
      ),
    },
  }
}

/** NAL units of an Annex B stream that a depacketizer hands on. */
function pictureNals(bytes: Buffer, codec: Codec): Uint8Array[] {
  return splitAnnexB(bytes).filter(nal => {
    const type = codec === 'h264' ? nal[0]! & 0x1f : (nal[0]! >> 1) & 0x3f
    return codec === 'h264' ? type < 7 || type > 9 : type < 32 || type > 35
  })
}

function chunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  let at = 0
  return sizes.map(size => {
    at += size
    return bytes.subarray(at - size, at)
  })
}
