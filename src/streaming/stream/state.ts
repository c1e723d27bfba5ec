/**
 * One on-demand stream, as the daemon decides of it. All times are monotonic milliseconds: a clock that somebody sets neither
 * ends a stream nor keeps one up.
 */
export interface StreamState {
  readonly phase: StreamPhase
  /**
   * Who or what wants the stream, by any key that names it, and until when (Infinity: until it says that it left). A viewer
   * that dies without a word runs out here.
   */
  readonly demand: ReadonlyMap<string, number>
  /** When somebody wanted it last; of no meaning before the first time. */
  readonly lastWanted: number
  /** Number of the latest try to open it: an answer to an earlier one is of no interest any more. */
  readonly turn: number
}

/**
 * `idle`: nobody wants it. `starting`: wanted, and not heard to play yet. `running`: it plays for somebody. `lingering`: it plays
 * for nobody, in case somebody comes. `stopping`: it was let go a moment ago. `failed`: wanted and not to be had; tried again.
 */
export type StreamPhase =
  | { readonly name: 'idle' }
  | { readonly name: 'starting'; readonly since: number }
  | { readonly name: 'running'; readonly since: number }
  | { readonly name: 'lingering'; readonly since: number }
  | { readonly name: 'stopping'; readonly since: number }
  | { readonly name: 'failed'; readonly since: number; readonly reason: string }

export type StreamEvent =
  /** Somebody wants it until then; said again, it is renewed. */
  | { readonly type: 'wanted'; readonly by: string; readonly until: number }
  /** Somebody wants it no more, since `at` or now, whichever is earlier. */
  | { readonly type: 'left'; readonly by: string; readonly at: number }
  /** It plays: the answer to the try `turn`. */
  | { readonly type: 'up'; readonly turn: number }
  /** It cannot be had: the answer to the try `turn`. */
  | { readonly type: 'failed'; readonly turn: number; readonly reason: string }
  /** It played and does not any more; whoever carries it tries again. */
  | { readonly type: 'lost' }
  /** It has been let go of. */
  | { readonly type: 'gone' }
  | { readonly type: 'tick' }

/** What is to be done: to want it of the media plane, to wait until it plays, to let go of it. */
export type StreamStep =
  | { readonly type: 'hold' }
  | { readonly type: 'open'; readonly turn: number }
  | { readonly type: 'release' }

export interface StreamTimes {
  /** Milliseconds that it outlives who wanted it last. */
  readonly linger: number
  /** Milliseconds in which a try to open it is answered, or has failed. */
  readonly start: number
  /** Milliseconds in which it is gone after it was let go. */
  readonly stop: number
  /** Milliseconds after a failure until the next try. */
  readonly retry: number
}

export const IDLE: StreamState = { phase: { name: 'idle' }, demand: new Map(), lastWanted: 0, turn: 0 }

/** Whether the media plane is to have it up. */
export function isHeld({ phase }: StreamState): boolean {
  return phase.name !== 'idle' && phase.name !== 'stopping'
}

/** When a stream that nobody wants is let go, if nobody comes. */
export function lingersUntil({ lastWanted }: StreamState, { linger }: Pick<StreamTimes, 'linger'>): number {
  return lastWanted + linger
}

/** The state of a stream that an earlier daemon had up, and that was wanted last at `lastWanted`: it plays, as far as we know. */
export function foundAgain(lastWanted: number, since: number): StreamState {
  return { phase: { name: 'lingering', since }, demand: new Map(), lastWanted, turn: 0 }
}
