import type { Grade, Source } from '../grade.ts'

/** Who said what a setting is. Whoever stands later here goes before whoever stands earlier. */
export type SaidBy = 'default' | 'config' | 'measured' | 'csv' | 'file' | 'flag'

/** Where the value of one setting came from. */
export interface Origin {
  readonly by: SaidBy
  /** The value as a person writes it. */
  readonly text: string
  /** Null for what the user said. */
  readonly grade: Grade | null
  /** For a default why it is that; else the flag, the file or the daemon. */
  readonly source: Source
}
