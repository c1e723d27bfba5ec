import { writeSdp } from '../../wire/sdp/index.ts'
import type { MediaSession } from '../frame.ts'
import type { Player, Presentation, Refusal, RtspSession } from '../rtsp-server/index.ts'

export interface StreamPresentationOptions {
  readonly described: MediaSession
  /** Makes the reader of a client that plays, or says why it may not. */
  readonly reader: (session: RtspSession, described: MediaSession) => Player | Refusal
  /** Ends the demand that DESCRIBE began. */
  readonly leave: () => void
}

/** A camera's stream as a client was told of it; keeps an on-demand stream running until the client plays or goes. */
export class StreamPresentation implements Presentation {
  readonly sdp: string
  readonly controls: readonly string[]
  readonly #options: StreamPresentationOptions

  constructor(options: StreamPresentationOptions) {
    const { camera, stream, tracks } = options.described
    this.#options = options
    this.sdp = writeSdp({ name: `${camera} ${stream}`, tracks })
    this.controls = tracks.map((_, index) => `trackID=${index}`)
  }

  play(session: RtspSession): Player | Refusal {
    const player = this.#options.reader(session, this.#options.described)
    if ('status' in player) return player
    const { leave } = this.#options
    return {
      starts: player.starts,
      range: player.range,
      report: track => player.report(track),
      start: () => {
        // The reader's own demand first, or the stream would end in between.
        player.start()
        leave()
      },
      stop: () => player.stop(),
    }
  }

  release(): void {
    this.#options.leave()
  }
}
