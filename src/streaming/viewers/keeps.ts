import type { StreamKey } from '../types.ts'

/** Somebody said that a stream is to be up though nobody watches. Times are wall-clock milliseconds. */
export interface Keep extends StreamKey {
  readonly by: string
  readonly since: number
  /** Null: until it is taken back. */
  readonly until: number | null
}
