import type { z } from 'zod'
import { type ConfigFault, quote, quoteKey } from './faults.ts'
import { kindOf } from './fields.ts'
import { didYouMean, suggest } from './suggest.ts'
import type { Path, Plain, PlainMap, YamlSource } from './yaml-source.ts'

/** A fault that may only be the echo of a syntax fault further up: something is missing that the parser did not reach. */
export interface FoundFault extends ConfigFault {
  readonly needsWholeFile?: boolean
}

/** Faults that are kept: what has more is not a configuration. */
const MOST_FAULTS = 1_000
/** Faults after which no nearest words are sought for references: that takes its time, and these are not listed. */
const MOST_SUGGESTIONS = 100

/** Collects faults and warnings with their places, and reads parts of the file by their schema. */
export class Findings {
  readonly source: YamlSource
  readonly faults: FoundFault[] = []
  readonly warnings: ConfigFault[] = []

  constructor(source: YamlSource) {
    this.source = source
  }

  /** Whether it is worth the time to find the word that was meant. */
  get suggests(): boolean {
    return this.faults.length + this.warnings.length < MOST_SUGGESTIONS
  }

  fault(
    path: Path,
    message: string,
    hint?: string,
    options: { part?: 'key' | 'value'; needsWholeFile?: boolean } = {},
  ): void {
    if (this.faults.length >= MOST_FAULTS) return
    const { part, needsWholeFile } = options
    this.faults.push({
      ...this.source.place(path, part),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(needsWholeFile ? { needsWholeFile } : {}),
    })
  }

  /** The faults that are not the echo of one of the source's: not behind a break, nor where a value could not be read. */
  trueFaults(): ConfigFault[] {
    const { source } = this
    const told = new Set(source.faults.map(({ line, column }) => `${line}:${column}`))
    return this.faults
      .filter(({ line, column }) => line < source.brokenFrom && !told.has(`${line}:${column}`))
      .filter(fault => !(fault.needsWholeFile && source.incomplete))
      .map(({ needsWholeFile: _, ...fault }) => fault)
  }

  warn(path: Path, message: string, hint?: string): void {
    this.warnings.push({ ...this.source.place(path), message, ...(hint === undefined ? {} : { hint }) })
  }

  /** `raw` when it is a mapping. Anything else but nothing is a fault, and `example` says how it is written. */
  map(raw: Plain | undefined, path: Path, what: string, example?: string): PlainMap | undefined {
    if (raw === undefined || raw === null) return undefined
    if (typeof raw === 'object' && !Array.isArray(raw)) return raw
    const hint = example === undefined ? undefined : `write it like ${what}: ${example}`
    this.fault(path, `${what} wants "key: value" entries, not ${kindOf(raw)}`, hint)
    return undefined
  }

  /**
   * The values of a mapping by its schema, key by key: one with a fault is told and left out, the others are there, so
   * that what they refer to is checked as well. `what` names the mapping in messages: "a camera". A
   * mapping in it is read the same way.
   */
  section<S extends z.ZodObject>(schema: S, raw: PlainMap, path: Path, what: string): Partial<z.output<S>> {
    const meant = this.unknownKeys(raw, Object.keys(schema.shape), path, what)
    const fields: Record<string, unknown> = {}
    for (const [key, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
      const inner = mappingOf(field)
      if (inner) {
        const map = this.map(raw[key], [...path, key], key, exampleOf(inner))
        if (map) fields[key] = this.section(inner, map, [...path, key], key)
        else if (raw[key] === undefined && this.source.has([...path, key]))
          this.fault([...path, key], `${key} has no value`)
        continue
      }
      const result = field.safeParse(raw[key])
      if (result.success) fields[key] = result.data
      // A missing key that was only misspelt is told once.
      else if (raw[key] !== undefined || !meant.has(key))
        this.#invalid(key, raw[key], result.error.issues, [...path, key], what)
    }
    return fields as Partial<z.output<S>>
  }

  /** Tells the keys that are not known; returns the known ones that they were most likely meant to be. */
  unknownKeys(raw: PlainMap, known: readonly string[], path: Path, what: string): Set<string> {
    const meant = new Set<string>()
    // A key with no value is left out of the mapping, and its name may be wrong all the same.
    for (const key of [...Object.keys(raw), ...this.source.emptyKeys(path)]) {
      if (known.includes(key)) continue
      if (this.faults.length >= MOST_FAULTS) break
      const [word = '', rest] = key.split(':', 2)
      const glued = rest !== undefined && known.includes(word)
      meant.add(glued ? word : (suggest(word, known) ?? ''))
      const place = [...path, key]
      if (glued)
        this.fault(
          place,
          `${quoteKey(key)} has no space after its colon`,
          `write ${word}: and a space before the value`,
          { part: 'key' },
        )
      else this.fault(place, `${quoteKey(key)} is not a key of ${what}`, didYouMean(word, known), { part: 'key' })
    }
    return meant
  }

  #invalid(key: string, value: Plain | undefined, issues: readonly z.core.$ZodIssue[], path: Path, what: string): void {
    if (value === undefined) {
      const written = this.source.has(path)
      return this.fault(path, written ? `${key} has no value` : `${what} needs the key ${quote(key)}`, undefined, {
        needsWholeFile: !written,
      })
    }
    // A field that takes a text or a mapping: the mapping is read as a section of its own, the text has its own fault.
    const inner = issues.flatMap(issue => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]))
    if (inner.length > issues.length && typeof value === 'object' && !Array.isArray(value)) return
    const custom = inner.find(issue => issue.code === 'custom')
    if (custom) return this.fault(path, `${key}: ${custom.message}`, custom.params?.hint as string | undefined)
    this.fault(path, `${key} wants a single value, not ${kindOf(value)}`)
  }
}

/** How a mapping is written, as its schema says. */
function exampleOf(schema: z.ZodObject): string | undefined {
  const [example] = (schema.meta()?.examples ?? []) as readonly string[]
  return example
}

/** The schema of a key whose value is a mapping of its own. */
function mappingOf(field: z.ZodType): z.ZodObject | undefined {
  const inner = 'unwrap' in field ? (field as z.ZodOptional).unwrap() : field
  return 'shape' in inner ? (inner as z.ZodObject) : undefined
}
