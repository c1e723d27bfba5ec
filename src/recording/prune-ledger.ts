import type { StateStore } from '../state/state-store.ts'
import type { SegmentIndex } from './segment-index/segment-index.ts'

/** Milliseconds for which the account of every second is kept at the least, be its footage gone or not: a year and a month. */
export const LEDGER_MEMORY = 400 * 86_400_000
/** Rows that one transaction takes out: a few milliseconds. */
const AT_ONCE = 1_000

/** Where the account of time is kept. */
export interface Ledger {
  readonly index: SegmentIndex
  readonly state: StateStore
}

/**
 * Forgets what is known of the time before `now` (wall-clock milliseconds) less {@link LEDGER_MEMORY}, as far as it lies before all
 * footage that is still there: gaps, what was removed, sessions, who wanted what. Cameras are not known to have been configured
 * then. `breathe` is awaited between transactions. Gives the instant before which it forgot.
 */
export async function pruneLedger(
  { index, state }: Ledger,
  now: number,
  breathe: () => Promise<unknown>,
): Promise<number> {
  const before = Math.floor(Math.min(now - LEDGER_MEMORY, index.oldest.start() ?? Number.POSITIVE_INFINITY))
  state.forgetHistory(before)
  while (index.forget(before, AT_ONCE) > 0) await breathe()
  return before
}
