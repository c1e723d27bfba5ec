import type { Grade } from '../grade.ts'

/** Who said what a setting is. What stands later goes before what stands earlier. */
export type SaidBy = 'default' | 'measured' | 'config' | 'csv' | 'file' | 'flag'

/** Where the value of one setting came from. */
export interface Origin {
  readonly by: SaidBy
  /** The value as a person writes it. */
  readonly text: string
  /** Null for what the user said. */
  readonly grade: Grade | null
  /** Why this value: for a default its source, else the flag, file or daemon. */
  readonly source: string
}
