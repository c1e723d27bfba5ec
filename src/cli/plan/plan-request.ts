import { VmsError } from '../../kernel/errors.ts'
import { type Draft, emptyDraft, say } from '../../planning/inputs/draft.ts'
import { SETTINGS } from '../../planning/inputs/settings.ts'
import type { MeasuredSite } from './measured-site.ts'
import { readText } from './read-text.ts'

export interface PlanFlags {
  readonly config?: string | undefined
  readonly 'state-dir'?: string | undefined
  readonly quiet?: boolean
  readonly 'from-csv'?: string | undefined
  readonly from?: string | undefined
  readonly measured?: boolean
  readonly bench?: string | undefined
  readonly [setting: string]: unknown
}

export interface FoundDraft {
  readonly draft: Draft
  /** What was measured, and what the model would have said. */
  readonly measured: MeasuredSite | null
}

/**
 * What the flags of a command mean. Cameras come from a plan file, a table, or the number in the flags, else from the configuration;
 * over that what the daemon measures, and over all the flags. `given` settings go over them (`--set`), and say how many cameras as well.
 */
export async function planDraft(flags: PlanFlags, given: readonly Given[] = []): Promise<FoundDraft> {
  const counted = given.some(({ key }) => key === 'cameras')
  const draft = await baseOf(flags, counted)
  let measured: MeasuredSite | null = null
  if (flags.measured || flags.bench !== undefined) {
    const { measureSite } = await import('./measured-site.ts')
    measured = await measureSite(draft, flags)
  }
  for (const { key } of SETTINGS) {
    const text = flags[key]
    if (typeof text === 'string') say(draft, key, text, { by: 'flag', shown: `--${key}` })
  }
  for (const { key, text, shown } of given) say(draft, key, text, { by: 'flag', shown })
  return { draft, measured }
}

/** A setting out of `--set` or `--given`. */
export interface Given {
  readonly key: string
  readonly text: string
  readonly shown: string
}

/** `key=value` of a flag. Throws VMS_E_USAGE without the equals sign. */
export function parseGiven(text: string, flag: string): Given {
  const at = text.indexOf('=')
  if (at <= 0)
    throw new VmsError('VMS_E_USAGE', `${flag}: "${text.slice(0, 40)}" sets nothing`, {
      hint: `Write it like ${flag} cameras=300.`,
    })
  const key = text.slice(0, at).trim()
  return { key, text: text.slice(at + 1), shown: `${flag} ${key}` }
}

/** What holds before measurements and flags. */
async function baseOf(flags: PlanFlags, counted: boolean): Promise<Draft> {
  const table = flags['from-csv']
  if (flags.from !== undefined && table !== undefined)
    throw new VmsError('VMS_E_USAGE', '--from and --from-csv both say which cameras there are', {
      hint: 'Take one of them.',
    })
  if (flags.from !== undefined) {
    const { draftOfPlan, parsePlanFile } = await import('../../planning/inputs/plan-file.ts')
    return draftOfPlan(parsePlanFile(readText(flags.from, '--from'), flags.from), flags.from)
  }
  if (table !== undefined) {
    const { draftOfCsv } = await import('./plan-csv.ts')
    return draftOfCsv(readText(table, '--from-csv'), table)
  }
  if (counted || typeof flags.cameras === 'string' || flags.measured) return emptyDraft()
  const { draftOfSite } = await import('./plan-from-site.ts')
  return draftOfSite(flags)
}
