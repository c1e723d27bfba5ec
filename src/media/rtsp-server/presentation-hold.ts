import type { Presentation, RequestTarget } from './types.ts'

/** Counts who needs a presentation (the DESCRIBE that brought it, the sessions that play it), and releases it after the last. */
export class PresentationHold {
  readonly content: Presentation
  #holders = 1

  constructor(content: Presentation) {
    this.content = content
  }

  retain(): this {
    this.#holders++
    return this
  }

  release(): void {
    if (--this.#holders === 0) this.content.release()
  }
}

/** What the latest DESCRIBE of a connection found. */
export interface Described {
  readonly target: RequestTarget
  readonly hold: PresentationHold
}
