import { BY_CONFIGURATION, BY_REMOVAL, BY_SCHEDULE, type Wish } from '../../state/wish.ts'

/** Since when what `wishes` (ascending) end with is wanted, recorded or not, whoever wants it; wall-clock milliseconds, 0 for none. */
export function heldSince(wishes: readonly Wish[]): number {
  const last = wishes.at(-1)
  const before = wishes.findLastIndex(wish => wish.record !== last?.record)
  return wishes[before + 1]?.at ?? 0
}

/** The name under which a person's wish is kept: never one of those that stand for what is no person. */
export function personOf(name: string | undefined): string {
  const by = name?.trim() || 'somebody'
  return [BY_SCHEDULE, BY_CONFIGURATION, BY_REMOVAL].includes(by) ? `user ${by}` : by
}
