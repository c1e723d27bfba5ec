import type { Clock } from '../../kernel/clock.ts'
import type { MediaSession } from '../frame.ts'
import type { StreamHub } from '../hub/index.ts'

/** Milliseconds that a client waits for a stream to start. */
const START_TIME = 10_000
/** Milliseconds that it waits where the camera is known to be in trouble: it may be back in a moment. */
const TROUBLE_TIME = 3_000
const LOOK_PERIOD = 250

/** A stream that runs, with the demand that keeps it running. */
export interface RunningStream {
  readonly session: MediaSession
  /** Ends the demand; may be called more than once. */
  leave(): void
}

/** Demands the stream and waits for its session. Gives the reason, for a person, when none comes. */
export function awaitSession(hub: StreamHub, clock: Clock, signal: AbortSignal): Promise<RunningStream | string> {
  return new Promise(resolve => {
    const began = clock.monotonic()
    const leave = hub.hold(session => settle({ session, leave }))
    const looks = clock.every(LOOK_PERIOD, () => {
      const waited = clock.monotonic() - began
      if (hub.trouble !== undefined && waited >= TROUBLE_TIME) settle(hub.trouble)
      else if (waited >= START_TIME) settle('stream does not start')
    })
    const settle = (found: RunningStream | string) => {
      looks.cancel()
      signal.removeEventListener('abort', onAbort)
      if (typeof found === 'string') leave()
      resolve(found)
    }
    const onAbort = () => settle('client left')
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else if (hub.session) settle({ session: hub.session, leave })
  })
}
