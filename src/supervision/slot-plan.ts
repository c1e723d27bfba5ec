import { type ExitHistory, restartTime } from './flapping.ts'

/** What should be: a worker in this slot, told revision `revision` (1 and up) of its cameras and settings. */
export interface SlotWanted {
  readonly run: boolean
  readonly revision: number
  /** Revision of its holds and access rules; 0 while nobody has set any. */
  readonly live: number
}

/** What is, as far as the daemon can see. Times are monotonic milliseconds. */
export interface SlotFacts {
  /** A live process belongs to the slot. */
  readonly running: boolean
  /** Control connection: `foreign` is a worker that speaks another protocol and refused ours. */
  readonly link: 'down' | 'up' | 'foreign'
  /** Since when the link is down; of no meaning otherwise. */
  readonly linkDownSince: number
  /** Revision that the worker has confirmed; 0 for none. */
  readonly applied: number
  /** Revision of holds and access rules that it was told; 0 for none. */
  readonly live: number
  /** Status requests in a row that were not answered in time. */
  readonly missed: number
  readonly exits: ExitHistory
}

export type SlotStep =
  | { readonly type: 'launch' }
  | { readonly type: 'connect' }
  | { readonly type: 'apply'; readonly revision: number }
  | { readonly type: 'live' }
  | { readonly type: 'stop' }
  | { readonly type: 'kill'; readonly reason: string }
  | { readonly type: 'wait'; readonly until: number; readonly reason: string }

/** A worker that has not opened its socket for so long hangs, milliseconds. */
const LINK_LIMIT = 30_000
/** Unanswered status requests that make a worker hung. */
const MISSED_LIMIT = 3

/** The next step from what is to what should be; undefined when there is nothing to do. Pure: `now` is monotonic. */
export function planSlot(wanted: SlotWanted, facts: SlotFacts, now: number): SlotStep | undefined {
  if (!wanted.run) return facts.running ? { type: 'stop' } : undefined
  if (!facts.running) {
    const until = restartTime(facts.exits)
    if (until > now) return { type: 'wait', until, reason: 'it ended five times within a minute' }
    return { type: 'launch' }
  }
  if (facts.missed >= MISSED_LIMIT)
    return { type: 'kill', reason: `it left ${facts.missed} status requests unanswered` }
  // It records, with the settings it had; a daemon that cannot talk to it must not cost footage.
  if (facts.link === 'foreign') return undefined
  if (facts.link === 'down') {
    if (now - facts.linkDownSince >= LINK_LIMIT) return { type: 'kill', reason: 'its control socket does not answer' }
    return { type: 'connect' }
  }
  if (facts.applied !== wanted.revision) return { type: 'apply', revision: wanted.revision }
  return facts.live === wanted.live ? undefined : { type: 'live' }
}

/** A step for a log line or a status note. */
export function describeStep(slot: number, step: SlotStep, now: number): string {
  switch (step.type) {
    case 'launch':
      return `start worker ${slot}`
    case 'connect':
      return `connect to worker ${slot}`
    case 'apply':
      return `give worker ${slot} revision ${step.revision} of its cameras`
    case 'live':
      return `tell worker ${slot} which streams are held, and which tokens hold`
    case 'stop':
      return `stop worker ${slot} in order`
    case 'kill':
      return `kill worker ${slot}: ${step.reason}`
    case 'wait':
      return `start worker ${slot} in ${Math.ceil((step.until - now) / 1000)} s: ${step.reason}`
  }
}

/** What a person should know of a slot that is not as it should be; undefined when all is well. */
export function slotTrouble(facts: SlotFacts): string | undefined {
  if (!facts.running) return facts.exits.flapping ? 'it keeps ending; retried once a minute' : 'it is not running'
  if (facts.link === 'foreign') return 'it speaks another protocol: it records with the settings it had'
  if (facts.link === 'down') return 'its control socket does not answer'
  if (facts.missed > 0) return `it left ${facts.missed} status requests unanswered`
  return undefined
}
