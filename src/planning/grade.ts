/**
 * How far a figure can be trusted: measured by vmsctl itself; said by a vendor or a standard; from a secondary source; derived
 * here from its formula; or an assumption that no source backs, which is always printed as one.
 */
export type Grade = 'measured' | 'vendor' | 'secondary' | 'derived' | 'assumption'

/** Where a figure or a formula comes from. `date` is that of the figure, as YYYY, YYYY-MM or YYYY-MM-DD. */
export interface Source {
  text: string
  url?: string
  date?: string
}
