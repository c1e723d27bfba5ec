import { parseH264Sps } from '../../wire/h264/index.ts'
import { parseH265Sps } from '../../wire/h265/index.ts'
import type { CodecParameters } from '../../wire/track.ts'

/** What the status tells of a video stream; null where the parameters do not say. */
export interface PictureFacts {
  readonly width: number | null
  readonly height: number | null
  readonly bFrames: boolean | null
}

const UNKNOWN: PictureFacts = { width: null, height: null, bFrames: null }

/** Size, and whether frames are reordered, by the SPS. */
export function pictureFacts(parameters: CodecParameters | undefined): PictureFacts {
  const sps = parseSps(parameters)
  if (!sps) return UNKNOWN
  return {
    width: sps.width,
    height: sps.height,
    bFrames: sps.reorderFrames === undefined ? null : sps.reorderFrames > 0,
  }
}

/** Frames that are decoded before one that is shown earlier (max_num_reorder_frames); undefined where the SPS does not say. */
export function reorderFrames(parameters: CodecParameters | undefined): number | undefined {
  return parseSps(parameters)?.reorderFrames
}

function parseSps(parameters: CodecParameters | undefined) {
  if (parameters?.codec === 'h264') return parseH264Sps(parameters.sps)
  if (parameters?.codec === 'h265') return parseH265Sps(parameters.sps)
  return undefined
}
