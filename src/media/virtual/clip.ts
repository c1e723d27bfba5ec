import { open } from 'node:fs/promises'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { parseAudioSpecificConfig } from '../../wire/audio/index.ts'
import { eachNal } from '../../wire/bitstream/index.ts'
import type { AacParameters, H264Parameters, H265Parameters } from '../../wire/track.ts'
import { type PlainTrack, readPlainMp4 } from './plain-mp4.ts'

/** One coded picture of a clip. */
export interface ClipFrame {
  /** NAL units without parameter sets, delimiters, fillers; in coding order. */
  readonly nals: readonly Uint8Array[]
  readonly key: boolean
  /** No other picture refers to it: it can be left out. */
  readonly disposable: boolean
  /** Presentation time, ticks of the clip; only its order counts. */
  readonly pts: number
}

/** Coded video in memory, frames in decoding order, the first a key frame. */
export interface VideoClip {
  readonly name: string
  readonly parameters: H264Parameters | H265Parameters
  readonly frames: readonly ClipFrame[]
  /** Frames a second, as the clip was made. */
  readonly fps: number
}

/** Coded audio in memory. */
export interface AudioClip {
  readonly parameters: AacParameters
  readonly frames: readonly Uint8Array[]
}

/** Bytes of samples that are read from a clip. */
const CLIP_LIMIT = 256 * 1024 * 1024

/** Reads the video of a plain MP4 file with H.264 or H.265. Throws VMS_E_USAGE that says what is wrong with it. */
export async function readVideoClip(path: string): Promise<VideoClip> {
  return readTrack(path, 'video', async (track, samples) => {
    const { parameters } = track
    if (parameters?.codec !== 'h264' && parameters?.codec !== 'h265') {
      throw unfit(path, `its video is ${track.entry}; it must be H.264 or H.265`)
    }
    const first = track.samples.findIndex(sample => sample.key)
    const last = track.samples.at(-1)
    if (first < 0 || !last) throw unfit(path, 'it has no key frame')
    const frames = samples.slice(first).map((bytes, i) => {
      const sample = track.samples[first + i]!
      const nals = pictureNals(bytes, parameters.codec)
      // Files with lengths of one or two bytes are allowed by ISO/IEC 14496-15; nobody writes them.
      if (!nals) throw unfit(path, 'its NAL units do not stand behind lengths of four bytes')
      return {
        nals,
        key: sample.key,
        disposable: nals.every(nal => isDisposable(nal, parameters.codec)),
        pts: sample.pts,
      }
    })
    const fps = track.samples.length < 2 ? 25 : ((track.samples.length - 1) * track.timescale) / Math.max(1, last.dts)
    const coded = frames.filter(frame => frame.nals.length > 0)
    if (!coded[0]?.key) throw unfit(path, 'its first key frame has no picture')
    return { name: path, parameters, frames: coded, fps }
  })
}

/** Reads the AAC audio of a plain MP4 file. Throws VMS_E_USAGE. */
export async function readAudioClip(path: string): Promise<AudioClip> {
  return readTrack(path, 'audio', async (track, frames) => {
    if (track.parameters?.codec !== 'aac') throw unfit(path, `its audio is ${track.entry}; it must be AAC`)
    // The sample entry's own fields are no authority: many writers put 2 channels there whatever there is.
    const config = parseAudioSpecificConfig(track.parameters.config)
    if (!config) throw unfit(path, 'its AAC configuration cannot be read')
    const { sampleRate, channels } = config
    return { parameters: { ...track.parameters, sampleRate, channels }, frames }
  })
}

async function readTrack<T>(
  path: string,
  kind: 'video' | 'audio',
  use: (track: PlainTrack, samples: Uint8Array[]) => Promise<T>,
): Promise<T> {
  const file = await open(path).catch(error => {
    throw unfit(path, messageOf(error))
  })
  try {
    const track = (await readPlainMp4(file, path)).find(track => track.kind === kind && track.samples.length > 0)
    if (!track)
      throw unfit(path, `it has no ${kind} track (fragmented files are not taken: ffmpeg -i FILE -c copy OUT.mp4)`)
    const total = track.samples.reduce((sum, sample) => sum + sample.size, 0)
    if (total > CLIP_LIMIT) throw unfit(path, `its ${kind} has ${total} bytes, ${CLIP_LIMIT} are the limit`)
    const samples: Uint8Array[] = []
    for (const { offset, size } of track.samples) {
      const bytes = Buffer.alloc(size)
      const { bytesRead } = await file.read(bytes, 0, size, offset)
      if (bytesRead < size) throw unfit(path, 'it is cut off')
      samples.push(bytes)
    }
    return await use(track, samples)
  } finally {
    await file.close()
  }
}

/** The NAL units of a sample that belong to the picture: the rest is made anew when it is sent. Undefined where the lengths make no sense. */
function pictureNals(bytes: Uint8Array, codec: 'h264' | 'h265'): Uint8Array[] | undefined {
  const nals: Uint8Array[] = []
  const whole = eachNal(bytes, 0, bytes.length, (start, end) => {
    const type = codec === 'h264' ? bytes[start]! & 0x1f : (bytes[start]! >> 1) & 0x3f
    const coded = codec === 'h264' ? type >= 1 && type <= 5 : type <= 31
    if (coded) nals.push(bytes.subarray(start, end))
  })
  return whole ? nals : undefined
}

/** nal_ref_idc 0 (H.264 7.4.1), or a sub-layer non-reference picture (H.265 table 7-1: even types below 16). */
function isDisposable(nal: Uint8Array, codec: 'h264' | 'h265'): boolean {
  if (codec === 'h264') return (nal[0]! & 0x60) === 0
  const type = (nal[0]! >> 1) & 0x3f
  return type < 16 && type % 2 === 0
}

function unfit(path: string, why: string): VmsError {
  return new VmsError('VMS_E_USAGE', `${path} cannot be played: ${why}`)
}
