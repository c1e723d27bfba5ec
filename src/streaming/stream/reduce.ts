import { isHeld, lingersUntil, type StreamEvent, type StreamState, type StreamStep, type StreamTimes } from './state.ts'

export interface Reduced {
  /** The same object where nothing changed. */
  readonly state: StreamState
  readonly steps: readonly StreamStep[]
}

/**
 * What becomes of a stream by an event at `now` (monotonic milliseconds). First the event is taken note of; then, whatever it
 * was, the one rule: what is wanted is up or being opened, what nobody wants is let go after its linger. Pure.
 */
export function reduce(before: StreamState, event: StreamEvent, now: number, times: StreamTimes): Reduced {
  const noted = note(expire(before, now), event, now)
  const state = noted.demand.size > 0 ? serve(noted, now, times) : outlive(noted, now, times)
  return { state, steps: stepsBetween(before, state) }
}

function stepsBetween(before: StreamState, after: StreamState): StreamStep[] {
  const steps: StreamStep[] = []
  if (isHeld(after) !== isHeld(before)) steps.push({ type: isHeld(after) ? 'hold' : 'release' })
  if (after.turn !== before.turn) steps.push({ type: 'open', turn: after.turn })
  return steps
}

/** Without those who said until when they want it, and did not say so again. */
function expire(state: StreamState, now: number): StreamState {
  let { lastWanted } = state
  const demand = new Map(state.demand)
  for (const [by, until] of state.demand) {
    if (until > now) continue
    demand.delete(by)
    lastWanted = Math.max(lastWanted, until)
  }
  return demand.size === state.demand.size ? state : { ...state, demand, lastWanted }
}

function note(state: StreamState, event: StreamEvent, now: number): StreamState {
  const { phase } = state
  switch (event.type) {
    case 'wanted':
      return event.until > now ? want(state, event.by, event.until, now) : state
    case 'left': {
      if (!state.demand.has(event.by)) return state
      const demand = new Map(state.demand)
      demand.delete(event.by)
      return { ...state, demand, lastWanted: Math.max(state.lastWanted, Math.min(event.at, now)) }
    }
    case 'up': {
      if (event.turn !== state.turn || !isHeld(state)) return state
      if (phase.name !== 'starting' && phase.name !== 'failed') return state
      return { ...state, phase: { name: 'running', since: now } }
    }
    case 'failed':
      if (event.turn !== state.turn || phase.name !== 'starting') return state
      return { ...state, phase: { name: 'failed', since: now, reason: event.reason } }
    case 'lost':
      if (phase.name !== 'running' && phase.name !== 'lingering') return state
      return opening(state, now)
    case 'gone':
      return phase.name === 'stopping' ? { ...state, phase: { name: 'idle' } } : state
    case 'tick':
      return state
  }
}

function want(state: StreamState, by: string, until: number, now: number): StreamState {
  const renewed = state.demand.get(by)
  const demand = new Map(state.demand).set(by, until)
  const next = { ...state, demand, lastWanted: now }
  // Whoever comes anew wants to know how it is now, and not how it was a moment ago.
  return state.phase.name === 'failed' && renewed === undefined ? opening(next, now) : next
}

function opening(state: StreamState, now: number): StreamState {
  return { ...state, phase: { name: 'starting', since: now }, turn: state.turn + 1 }
}

/** Somebody wants it: it is up, or being opened, or known not to be had. */
function serve(state: StreamState, now: number, times: StreamTimes): StreamState {
  const { phase } = state
  switch (phase.name) {
    case 'idle':
    case 'stopping':
      return opening(state, now)
    case 'lingering':
      return { ...state, phase: { name: 'running', since: phase.since } }
    case 'starting':
      if (now - phase.since < times.start) return state
      return { ...state, phase: { name: 'failed', since: now, reason: 'its media worker does not answer' } }
    case 'failed':
      return now - phase.since < times.retry ? state : opening(state, now)
    case 'running':
      return state
  }
}

/** Nobody wants it: it lingers, and then it is let go; at once where there is nothing that could linger. */
function outlive(state: StreamState, now: number, times: StreamTimes): StreamState {
  const { phase } = state
  if (phase.name === 'stopping') return now - phase.since < times.stop ? state : { ...state, phase: { name: 'idle' } }
  if (phase.name === 'idle') return state
  if (phase.name === 'failed' || now >= lingersUntil(state, times))
    return { ...state, phase: { name: 'stopping', since: now } }
  return phase.name === 'running' ? { ...state, phase: { name: 'lingering', since: phase.since } } : state
}
