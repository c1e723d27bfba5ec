import type { Grade, Source } from '../grade.ts'
import type { ValueType } from './value-type.ts'

/** Looks up another setting of the same plan, for defaults that follow from others. */
export type Get = (key: string) => unknown

/** What a setting is when nobody says it. */
export interface Standard {
  readonly value: unknown
  readonly grade: Grade
  readonly source: Source
}

/**
 * One thing that a plan depends on. The list of them makes the flags of `vmsctl plan`, the keys of --set and --given, the columns of a
 * table of cameras, the checks of plan files, and what is printed as assumed.
 */
export interface Setting {
  /** Flag without its dashes, key of --set. */
  readonly key: string
  /** For people, in a sentence. */
  readonly name: string
  readonly group: 'CAMERAS' | 'VIEWERS' | 'STORAGE' | 'NETWORK AND NODES' | 'WORK' | 'PRICES' | 'PLAN'
  readonly help: string
  readonly type: ValueType
  /** Where it stands in PlanInputs, or in each of its kinds of cameras. */
  readonly path: string
  /** It is a property of cameras, so every kind has its own. */
  readonly ofKind?: boolean
  readonly standard: Standard | ((get: Get) => Standard)
}

/** A default that nothing backs. */
export const assumed = (value: unknown, text: string): Standard => ({ value, grade: 'assumption', source: { text } })

/** A default with its grade and source. */
export const known = (grade: Grade, value: unknown, text: string, url?: string, date?: string): Standard => ({
  value,
  grade,
  source: { text, ...(url === undefined ? {} : { url }), ...(date === undefined ? {} : { date }) },
})
