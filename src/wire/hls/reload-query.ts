/** Which playlist a player waits for (RFC 8216bis section 6.2.5.2): one that holds this segment, or this part of it. */
export interface ReloadQuery {
  readonly sequence: number
  /** Counts the parts of the segment from 0; undefined: the whole segment. */
  readonly part: number | undefined
}

const NUMBER = /^\d{1,15}$/

/**
 * Reads `_HLS_msn` and `_HLS_part` of a playlist's query. Undefined: the player takes what there is. `invalid`: not a number, or
 * a part without its segment (to be answered with 400). `_HLS_skip` is passed over: a playlist without CAN-SKIP-UNTIL
 * is always told whole.
 */
export function parseReloadQuery(query: URLSearchParams): ReloadQuery | undefined | 'invalid' {
  const sequence = query.get('_HLS_msn')
  const part = query.get('_HLS_part')
  if (sequence === null) return part === null ? undefined : 'invalid'
  if (!NUMBER.test(sequence) || (part !== null && !NUMBER.test(part))) return 'invalid'
  return { sequence: Number(sequence), part: part === null ? undefined : Number(part) }
}
