import { VmsError } from '../../kernel/errors.ts'
import type { ClipFrame, VideoClip } from './clip.ts'

/** A frame of a loop, which is played over and over. */
export interface LoopFrame {
  readonly nals: readonly Uint8Array[]
  readonly key: boolean
  readonly disposable: boolean
  /** Frames from its place in sending order to its place in showing order; 0 without B-frames. */
  readonly shift: number
}

/**
 * A closed loop of exactly `frames` frames from the beginning of a clip, so that the next round may begin with the clip's
 * key frame. A prefix of a stream decodes by itself; with B-frames it is cut between groups of a reference frame and the
 * B-frames that are shown before it, and of the last group only as many B-frames are kept as there is room for: nobody
 * refers to them. Throws VMS_E_USAGE when the clip is too short, or cannot be cut there.
 */
export function closedLoop(clip: VideoClip, frames: number): LoopFrame[] {
  if (frames > clip.frames.length) {
    throw new VmsError(
      'VMS_E_USAGE',
      `a key frame every ${frames} frames: the clip has ${clip.frames.length} frames only`,
    )
  }
  const chosen: ClipFrame[] = []
  for (let at = 0; chosen.length < frames; ) {
    let end = at + 1
    while (end < clip.frames.length && clip.frames[end]!.disposable) end++
    if (end === at + 1 && at >= clip.frames.length) break
    chosen.push(...clip.frames.slice(at, Math.min(end, at + frames - chosen.length)))
    at = end
  }
  return inShowingOrder(chosen)
}

/** The whole clip as a loop, key frames where they are. */
export function wholeLoop(clip: VideoClip): LoopFrame[] {
  return inShowingOrder(clip.frames)
}

function inShowingOrder(frames: readonly ClipFrame[]): LoopFrame[] {
  const order = frames.map((_, i) => i).sort((a, b) => frames[a]!.pts - frames[b]!.pts || a - b)
  const rank = new Array<number>(frames.length)
  for (const [place, index] of order.entries()) rank[index] = place
  return frames.map(({ nals, key, disposable }, i) => ({ nals, key, disposable, shift: rank[i]! - i }))
}
