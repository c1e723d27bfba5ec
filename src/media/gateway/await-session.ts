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

/**
 * Demands the stream and waits for its session; `early`: or for what the camera says that it will be. Gives the reason, for a person,
 * when none comes.
 */
export function awaitSession(
  hub: StreamHub,
  clock: Clock,
  signal: AbortSignal,
  early = false,
): Promise<RunningStream | string> {
  return new Promise(resolve => {
    const began = clock.monotonic()
    const found = (session: MediaSession) => settle({ session, leave })
    const leave = hub.hold(found, early ? found : undefined)
    const looks = clock.every(LOOK_PERIOD, () => {
      const waited = clock.monotonic() - began
      if (hub.trouble !== undefined && waited >= TROUBLE_TIME) settle(hub.trouble)
      else if (waited >= START_TIME) settle('stream does not start')
    })
    const settle = (result: RunningStream | string) => {
      looks.cancel()
      signal.removeEventListener('abort', onAbort)
      if (typeof result === 'string') leave()
      resolve(result)
    }
    const onAbort = () => settle('client left')
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else if (hub.session) found(hub.session)
    else if (early && hub.announced) found(hub.announced)
  })
}
