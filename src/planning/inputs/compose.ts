import { VmsError } from '../../kernel/errors.ts'
import type { Money } from '../../kernel/money.ts'
import type { Grade } from '../grade.ts'
import { checkInputs } from './check.ts'
import type { Draft, Entry, KindDraft } from './draft.ts'
import type { Origin } from './origin.ts'
import { putAt } from './path.ts'
import { exchange, type MoneySpread } from './price-types.ts'
import type { Get, Setting } from './setting.ts'
import { SETTINGS, settingOf } from './settings.ts'
import type { PlanInputs, PlanRequest } from './types.ts'

const SITE = SETTINGS.filter(setting => !setting.ofKind)
const OF_KIND = SETTINGS.filter(setting => setting.ofKind)
const GRADES: readonly Grade[] = ['measured', 'vendor', 'secondary', 'derived', 'assumption']

/** Fills in the defaults and checks what only all together can be wrong. Throws VMS_E_USAGE that names the flag. */
export function composeInputs(draft: Draft): PlanRequest {
  const total = draft.kinds.reduce(
    (sum, kind) => sum + ((kind.entries.get('cameras')?.value as number | undefined) ?? 0),
    0,
  )
  const site = resolver(draft.site, { cameras: total })
  const inputs: Record<string, unknown> = {}
  const origins: Record<string, Origin> = {}
  const kinds = draft.kinds.map(kind => ({ kind, resolve: resolver(kind.entries, {}) }))
  for (const setting of OF_KIND) origins[setting.key] = kindOrigin(setting, kinds)
  inputs.cameras = kinds.map(({ kind, resolve }) => {
    const values: Record<string, unknown> = { name: kind.name }
    for (const { path, key } of OF_KIND) putAt(values, path, resolve(key).value)
    return values
  })
  for (const { path, key } of SITE) {
    const { value, origin } = site(key)
    putAt(inputs, path, value)
    origins[key] = origin
  }
  convertPrices(inputs, site)
  const request = { inputs: inputs as unknown as PlanInputs, origins }
  checkInputs(request.inputs, key => site(key).shown)
  return request
}

type Resolve = (key: string) => Entry

/** What was said of a setting, else its default; a default may ask for others. */
function resolver(entries: ReadonlyMap<string, Entry>, given: Readonly<Record<string, unknown>>): Resolve {
  const found = new Map<string, Entry>(entries)
  const get: Get = key => (key in given ? given[key] : resolve(key).value)
  const resolve: Resolve = key => {
    const before = found.get(key)
    if (before !== undefined) return before
    const setting = settingOf(key)!
    const { value, grade, source } = typeof setting.standard === 'function' ? setting.standard(get) : setting.standard
    const origin: Origin = { by: 'default', text: setting.type.format(value), grade, source }
    const entry = { value, origin, shown: `--${key}` }
    found.set(key, entry)
    return entry
  }
  return resolve
}

/** One origin for all kinds of cameras: theirs, if it is the same, else the weakest. */
function kindOrigin(setting: Setting, kinds: readonly { kind: KindDraft; resolve: Resolve }[]): Origin {
  const all = kinds.map(({ resolve }) => resolve(setting.key).origin)
  const first = all[0] ?? { by: 'default', text: '', grade: 'assumption', source: { text: 'no cameras' } }
  if (setting.key === 'cameras') {
    const total = kinds.reduce((sum, { resolve }) => sum + (resolve('cameras').value as number), 0)
    return { ...first, text: String(total) }
  }
  const same = all.every(origin => origin.text === first.text)
  const weakest = all.reduce((worst, origin) => (rank(origin) > rank(worst) ? origin : worst), first)
  return same ? weakest : { ...weakest, text: 'by kind' }
}

function rank({ grade }: Origin): number {
  return grade === null ? -1 : GRADES.indexOf(grade)
}

/** Prices stand in the plan in its own currency. */
function convertPrices(inputs: Record<string, unknown>, site: Resolve): void {
  const currency = site('currency').value as string
  const rates = site('rate').value as Record<string, number>
  const convert = (
    key: string,
    change: (rate: (amount: number, from: string) => number, value: unknown) => unknown,
  ) => {
    const { value, shown } = site(key)
    try {
      putAt(
        inputs,
        settingOf(key)!.path,
        change((amount, from) => exchange(amount, from, currency, rates), value),
      )
    } catch (error) {
      if (!(error instanceof VmsError)) throw error
      // A currency that is unknown is the fault of who named it: the bill's, or this price's.
      const place = error.message.includes(` ${currency} `) ? site('currency').shown : shown
      throw new VmsError(
        'VMS_E_USAGE',
        `${place}: ${error.message}`,
        error.hint === undefined ? {} : { hint: error.hint },
      )
    }
  }
  for (const key of ['price-node', 'price-card'])
    convert(key, (rate, value) => (value === null ? null : rate((value as Money).amount, (value as Money).currency)))
  for (const key of ['price-disk', 'price-energy'])
    convert(key, (rate, value) => {
      const { currency: from, p10, p50, p90 } = value as MoneySpread
      return { p10: rate(p10, from), p50: rate(p50, from), p90: rate(p90, from) }
    })
}
