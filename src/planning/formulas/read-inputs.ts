import { didYouMean } from '../../config/suggest.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { ChoiceInput, Formula, FormulaInput, InputValue, ListInput, QuantityInput, Values } from './formula.ts'
import { inBaseUnit } from './quantities.ts'
import { readPrice } from './read-price.ts'
import { readQuantity } from './read-quantity.ts'

/** Longest list that an input may be. */
const MOST_VALUES = 1_000

export interface GivenInputs {
  values: Values
  given: ReadonlySet<string>
  /** The one input that was given several values: the formula is worked out for each. */
  swept?: { name: string; values: readonly number[] }
}

/** The inputs of a formula from settings like `bitrate=4Mbps`, the rest by default. Throws VMS_E_USAGE with the setting named. */
export function readInputs(formula: Formula, settings: readonly string[]): GivenInputs {
  const texts = new Map<string, string>()
  for (const setting of settings) {
    const [name, text] = splitSetting(setting)
    if (!Object.hasOwn(formula.inputs, name)) throw unknownInput(formula, name)
    if (texts.has(name)) throw new VmsError('VMS_E_USAGE', `--set ${name} is given twice`)
    texts.set(name, text)
  }
  const values: Record<string, InputValue> = {}
  let swept: GivenInputs['swept']
  for (const [name, input] of Object.entries(formula.inputs)) {
    const text = texts.get(name)
    const value = text === undefined ? defaultOf(input) : readInput(input, text, `--set ${name}`)
    if (input.type === 'quantity' && Array.isArray(value)) {
      if (swept) throw new VmsError('VMS_E_USAGE', `only one input may be a list; ${swept.name} and ${name} both are`)
      swept = { name, values: value }
    }
    values[name] = value
  }
  return { values, given: new Set(texts.keys()), ...(swept ? { swept } : {}) }
}

function splitSetting(setting: string): [name: string, text: string] {
  const at = setting.indexOf('=')
  if (at > 0) return [setting.slice(0, at).trim(), setting.slice(at + 1).trim()]
  throw new VmsError('VMS_E_USAGE', `--set ${JSON.stringify(setting.slice(0, 60))} sets nothing`, {
    hint: 'Write the input and its value, like bitrate=4Mbps.',
  })
}

function unknownInput(formula: Formula, name: string): VmsError {
  const hint = didYouMean(name, Object.keys(formula.inputs))
  return new VmsError('VMS_E_USAGE', `${formula.id} has no input ${JSON.stringify(name.slice(0, 60))}`, {
    ...(hint === undefined ? {} : { hint }),
  })
}

/** The default in base units. */
export function defaultOf(input: FormulaInput): InputValue {
  if (input.type === 'quantity') return inBaseUnit(input.default, input.unit, input.kind)
  if (input.type === 'list') return input.default.map(each => inBaseUnit(each, input.unit, input.kind))
  return input.default
}

function readInput(input: FormulaInput, text: string, place: string): InputValue {
  if (input.type === 'price') return readPrice(text, input, place)
  if (input.type === 'choice') return readChoice(input, text, place)
  const parts = text.split(',')
  if (parts.length > MOST_VALUES)
    throw new VmsError('VMS_E_USAGE', `${place} has ${parts.length} values; ${MOST_VALUES} are the most`)
  const values = parts.map(part => withinRange(readQuantity(part, input.kind, place), part, input, place))
  return input.type === 'quantity' && values.length === 1 ? values[0]! : values
}

function withinRange(value: number, text: string, input: QuantityInput | ListInput, place: string): number {
  const [min, max] = [input.min, input.max].map(limit => inBaseUnit(limit, input.unit, input.kind)) as [number, number]
  if (value <= max && (input.above ? value > min : value >= min)) return value
  throw new VmsError('VMS_E_USAGE', `${place}: ${text.trim().slice(0, 40)} is out of range`, {
    hint: `It must be ${rangeOf(input)}.`,
  })
}

/** `from 0 to 1` with the unit. */
export function rangeOf(input: QuantityInput | ListInput): string {
  const spelled = (value: number) => {
    if (input.unit === 'share') return `${value * 100} %`
    return `${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${input.unit}`.trimEnd()
  }
  return `${input.above ? 'more than' : 'from'} ${spelled(input.min)} ${input.above ? 'and at most' : 'to'} ${spelled(input.max)}`
}

/** RAID-6, raid6 and 6 are one word. */
function readChoice(input: ChoiceInput, text: string, place: string): string {
  const wanted = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const found = input.words.find(word => word === wanted || word === `raid${wanted}`)
  if (found !== undefined) return found
  throw new VmsError('VMS_E_USAGE', `${place}: ${JSON.stringify(text.slice(0, 40))} is not known`, {
    hint: `Write one of ${input.words.join(', ')}.`,
  })
}
