import type { Clock } from '../../kernel/clock.ts'
import { stillHead } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { FrameReader, StreamHub } from '../hub/index.ts'

/** Milliseconds that the disk has to give a key frame back. */
const READ_TIME = 2_000

/**
 * The last key frame of a stream that runs, as an MP4 of one picture; undefined where there is none. It starts no stream: a page
 * that lists two hundred cameras must not wake them all.
 */
export async function posterOf(hub: StreamHub, clock: Clock): Promise<Buffer | undefined> {
  if (!hub.session) return undefined
  const reader = new PosterReader()
  const leave = hub.subscribe(reader)
  const timer = clock.after(READ_TIME, () => reader.done.resolve(undefined))
  try {
    return await reader.done.promise
  } finally {
    timer.cancel()
    leave()
  }
}

/** Takes the first key frame that comes. */
class PosterReader implements FrameReader {
  readonly patient = true
  readonly passing = true
  readonly done: PromiseWithResolvers<Buffer | undefined> = Promise.withResolvers()
  #session: MediaSession | undefined

  session(session: MediaSession): void {
    this.#session = session
  }

  frame(frame: Frame): void {
    const session = this.#session
    const track = session?.tracks[frame.track]
    if (!frame.key || frame.track !== session?.video || !track?.parameters) return
    this.#session = undefined
    const { slab, start, end } = frame
    const head = stillHead({ id: 1, timescale: track.source.clockRate, parameters: track.parameters }, end - start)
    this.done.resolve(Buffer.concat([head, slab.bytes.subarray(start, end)]))
  }

  joined(): void {
    // No group was kept: a picture that is still to come would be another wait, not a poster.
    this.done.resolve(undefined)
  }

  ended(): void {
    this.done.resolve(undefined)
  }
}
