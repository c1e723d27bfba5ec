/** How far a number can be trusted, best first. */
export type Grade = 'measured' | 'vendor' | 'secondary' | 'derived' | 'assumption'

/** Where a number comes from. */
export interface Source {
  readonly text: string
  readonly url?: string
  /** YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known. */
  readonly date?: string
}
