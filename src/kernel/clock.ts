/**
 * Time as an argument. Logic never reads the clock of the machine; it is handed one, so that a test can hold it still.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch, with a fraction. May step when somebody sets the clock. */
  wall(): number
  /** Milliseconds since an arbitrary origin, with a fraction. Never steps, never goes back. */
  monotonic(): number
  /** Calls `run` once, `delay` milliseconds from now (0 and more). */
  after(delay: number, run: () => void): Timer
  /** Calls `run` every `period` milliseconds (1 and more) until cancelled. */
  every(period: number, run: () => void): Timer
}

/** A pending call of {@link Clock.after} or {@link Clock.every}. */
export interface Timer {
  /** Forgets the call. Cancelling twice, or after it ran, does nothing. */
  cancel(): void
  /** Lets the process end although this call is pending. Returns the timer itself. */
  unref(): Timer
}

function timer(handle: NodeJS.Timeout, clear: (handle: NodeJS.Timeout) => void): Timer {
  const self: Timer = {
    cancel: () => clear(handle),
    unref: () => {
      handle.unref()
      return self
    },
  }
  return self
}

/** The clock of this machine. */
export const systemClock: Clock = {
  // Date.now() alone has whole milliseconds; performance.timeOrigin would miss a clock step, so the fraction is left out.
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delay, run) => timer(setTimeout(run, delay), clearTimeout),
  every: (period, run) => timer(setInterval(run, period), clearInterval),
}

/** Resolves after `delay` milliseconds, or at once when `signal` aborts. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      pending.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const pending = clock.after(delay, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
