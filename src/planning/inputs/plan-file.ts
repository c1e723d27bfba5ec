import { VmsError } from '../../kernel/errors.ts'
import { PLAN_VERSION } from '../model/types.ts'
import { checkInputs } from './check.ts'
import { type Draft, type Entry, emptyDraft, originOf } from './draft.ts'
import type { Origin } from './origin.ts'
import { valueAt } from './path.ts'
import type { Setting } from './setting.ts'
import { SETTINGS } from './settings.ts'
import type { CameraKind, PlanInputs, PlanRequest } from './types.ts'

/** A plan that was written with --json: what it was computed from, and the rest as it stands there. */
export interface PlanFile extends PlanRequest {
  readonly vmsctl: string
  readonly whole: Readonly<Record<string, unknown>>
}

/** Faults that are listed of one file. */
const LISTED = 20

/** Reads a plan file. Throws VMS_E_USAGE: not JSON, no plan, of another version, or with values that cannot be (all at once). */
export function parsePlanFile(text: string, shown: string): PlanFile {
  let whole: Record<string, unknown>
  try {
    whole = JSON.parse(text)
  } catch (error) {
    throw wrong(`${shown} is not JSON: ${(error as Error).message}`, 'Write a plan file with `vmsctl plan --json`.')
  }
  if (typeof whole !== 'object' || whole === null || whole.kind !== 'vmsctl-plan')
    throw wrong(`${shown} is not a plan of vmsctl`, 'Write one with `vmsctl plan --json`.')
  if (whole.version !== PLAN_VERSION)
    throw wrong(
      `${shown} is a plan of version ${JSON.stringify(whole.version)}, and this vmsctl reads version ${PLAN_VERSION}`,
      `Make it anew with \`vmsctl plan\`, or read it with the vmsctl that wrote it (${String(whole.vmsctl).slice(0, 20)}).`,
    )
  const inputs = whole.inputs as PlanInputs
  const faults = faultsOf(inputs)
  if (faults.length > 0) {
    const listed = faults.slice(0, LISTED).map(fault => `${shown}: ${fault}`)
    if (faults.length > LISTED) listed.push(`and ${faults.length - LISTED} more like these`)
    throw wrong(listed.join('\n'), 'Mend them there, or make the plan anew.')
  }
  checkInputs(inputs, key => `${shown}: ${key}`)
  const origins = typeof whole.origins === 'object' && whole.origins !== null ? whole.origins : {}
  return { inputs, origins: origins as PlanFile['origins'], vmsctl: String(whole.vmsctl), whole }
}

function faultsOf(inputs: PlanInputs): string[] {
  if (!Array.isArray(valueAt(inputs, 'cameras'))) return ['inputs.cameras is not a list of kinds of cameras']
  return SETTINGS.flatMap(setting => {
    const places = setting.ofKind
      ? inputs.cameras.map((_, index) => `cameras[${index}].${setting.path}`)
      : [setting.path]
    return places.flatMap((place, index) => {
      const holder = setting.ofKind ? inputs.cameras[index] : inputs
      const problem = setting.type.problem(valueIn(setting, holder, inputs))
      return problem === undefined ? [] : [`inputs.${place} ${problem}`]
    })
  })
}

/** A value as it is said: prices stand in a plan in its currency. */
function valueIn(setting: Setting, holder: unknown, inputs: PlanInputs): unknown {
  const value = valueAt(holder, setting.path)
  if (!setting.key.startsWith('price-') || setting.key === 'price-date' || value === null) return value
  const currency = valueAt(inputs, 'prices.currency')
  return typeof value === 'number' ? { amount: value, currency } : { ...(value as object), currency }
}

/** What a plan file says, to say more over it. Defaults that follow from other settings are left to follow from them. */
export function draftOfPlan(plan: PlanFile, shown: string): Draft {
  const draft = emptyDraft()
  const entry = (setting: Setting, holder: unknown): Entry => {
    const value = valueIn(setting, holder, plan.inputs)
    const origin = plan.origins[setting.key] as Origin | undefined
    const fresh = originOf(setting, value, { by: 'file', shown })
    return {
      value,
      origin: isOrigin(origin) && origin.text === fresh.text ? origin : fresh,
      shown: `${shown}: ${setting.key}`,
    }
  }
  const follows = (setting: Setting) =>
    typeof setting.standard === 'function' && (plan.origins[setting.key] as Origin | undefined)?.by === 'default'
  for (const setting of SETTINGS)
    if (!setting.ofKind && !follows(setting)) draft.site.set(setting.key, entry(setting, plan.inputs))
  for (const kind of plan.inputs.cameras as readonly CameraKind[]) {
    const own = SETTINGS.filter(setting => setting.ofKind && !follows(setting))
    const entries = new Map(own.map(setting => [setting.key, entry(setting, kind)] as const))
    draft.kinds.push({ name: String(kind.name).slice(0, 64), entries })
  }
  return draft
}

function isOrigin(origin: Origin | undefined): origin is Origin {
  return typeof origin?.by === 'string' && typeof origin.text === 'string' && typeof origin.source?.text === 'string'
}

function wrong(message: string, hint: string): VmsError {
  return new VmsError('VMS_E_USAGE', message, { hint })
}
