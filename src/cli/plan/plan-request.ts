import { readFile } from 'node:fs/promises'
import { systemCode, VmsError } from '../../kernel/errors.ts'
import { composeInputs } from '../../planning/inputs/compose.ts'
import { type Draft, emptyDraft, say } from '../../planning/inputs/draft.ts'
import { SETTINGS } from '../../planning/inputs/settings.ts'
import type { PlanRequest } from '../../planning/inputs/types.ts'
import type { MeasuredSite } from './measured-site.ts'

export interface PlanFlags {
  readonly config?: string | undefined
  readonly 'state-dir'?: string | undefined
  readonly quiet?: boolean
  readonly csv?: string | undefined
  readonly from?: string | undefined
  readonly measured?: boolean
  readonly bench?: string | undefined
  readonly [setting: string]: unknown
}

export interface FoundRequest {
  readonly request: PlanRequest
  /** What the model would have said of what was measured. */
  readonly measured: MeasuredSite | null
}

/**
 * The request that flags mean. Cameras come from a plan file, a table, or the number in the flags, else from the configuration; over
 * that what the daemon measures, and over all the flags.
 */
export async function planRequest(flags: PlanFlags): Promise<FoundRequest> {
  const draft = await baseOf(flags)
  let measured: MeasuredSite | null = null
  if (flags.measured || flags.bench !== undefined) {
    const { measureSite } = await import('./measured-site.ts')
    measured = await measureSite(draft, flags)
  }
  for (const { key } of SETTINGS) {
    const text = flags[key]
    if (typeof text === 'string') say(draft, key, text, { by: 'flag', shown: `--${key}` })
  }
  return { request: composeInputs(draft), measured }
}

/** What holds before measurements and flags. */
async function baseOf(flags: PlanFlags): Promise<Draft> {
  if (flags.from !== undefined && flags.csv !== undefined)
    throw new VmsError('VMS_E_USAGE', '--from and --csv both say which cameras there are', {
      hint: 'Take one of them.',
    })
  if (flags.from !== undefined) {
    const { draftOfPlan, parsePlanFile } = await import('../../planning/inputs/plan-file.ts')
    return draftOfPlan(parsePlanFile(await readText(flags.from, '--from'), flags.from), flags.from)
  }
  if (flags.csv !== undefined) {
    const { draftOfCsv } = await import('./plan-csv.ts')
    return draftOfCsv(await readText(flags.csv, '--csv'), flags.csv)
  }
  if (typeof flags.cameras === 'string' || flags.measured) return emptyDraft()
  const { draftOfSite } = await import('./plan-from-site.ts')
  return draftOfSite(flags)
}

/** The text of a file. Throws VMS_E_FILE_NOT_FOUND or VMS_E_USAGE with the flag that named it. */
export async function readText(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') throw new VmsError('VMS_E_FILE_NOT_FOUND', `there is no file ${path} (${flag})`)
    throw new VmsError('VMS_E_USAGE', `${path} cannot be read (${flag}): ${code ?? 'unknown'}`, { cause: error })
  }
}
