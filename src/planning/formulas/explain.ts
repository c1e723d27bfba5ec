import { VmsError } from '../../kernel/errors.ts'
import type { Grade, Source } from '../grade.ts'
import type { Formula, FormulaInput, InputValue, Price, Values } from './formula.ts'
import { inUnit } from './quantities.ts'
import { defaultOf, type GivenInputs, rangeOf, readInputs } from './read-inputs.ts'

type Figure = number | null
/** A figure, or one for each value of the input that was given several; null where there is none (endless). */
export interface Result {
  value: Figure | Figure[]
  unit: string
}

export interface ExplainedInput {
  name: string
  meaning: string
  value: number | string | readonly number[]
  unit: string
  default: number | string | readonly number[]
  /** Whether it was set, or is the default. */
  given: boolean
  range?: string
  grade: Grade
  source: Source
}

/** A formula and its value, as --json gives it. Shares are from 0 to 1. */
export interface Explanation {
  id: string
  title: string
  expression: string
  words: string
  inputs: ExplainedInput[]
  /** The first of `results`. */
  result: Result
  results: Record<string, Result & { meaning: string }>
  grade: Grade
  source: Source
  note?: string
  example: { set: string[]; result: Result }
}

/** What a formula says and gives for settings like `bitrate=4Mbps`. Throws VMS_E_USAGE with the setting named. */
export function explain(formula: Formula, settings: readonly string[] = []): Explanation {
  const inputs = readInputs(formula, settings)
  const results = evaluate(formula, inputs)
  const example = exampleOf(formula)
  const note = inputs.swept ? undefined : formula.note?.(inputs.values)
  return {
    id: formula.id,
    title: formula.title,
    expression: formula.expression,
    words: formula.words,
    inputs: Object.entries(formula.inputs).map(([name, input]) => explainInput(name, input, inputs)),
    result: first(results),
    results,
    grade: formula.grade,
    source: formula.source,
    ...(note === undefined ? {} : { note }),
    example: { set: example, result: first(evaluate(formula, readInputs(formula, example))) },
  }
}

/** The settings of the worked example. */
function exampleOf(formula: Formula): string[] {
  return Object.entries(formula.example).map(([name, text]) => `${name}=${text}`)
}

function first(results: Explanation['results']): Result {
  const { value, unit } = Object.values(results)[0]!
  return { value, unit }
}

function evaluate(formula: Formula, { values, swept }: GivenInputs): Explanation['results'] {
  const runs = swept
    ? swept.values.map(value => formula.evaluate({ ...values, [swept.name]: value }))
    : [formula.evaluate(values)]
  const currency = currencyOf(values)
  return Object.fromEntries(
    Object.entries(formula.results).map(([name, { meaning, unit, kind }]) => {
      const figures = runs.map(run => figure(formula, name, inUnit(run[name]!, unit, kind)))
      return [name, { value: swept ? figures : figures[0]!, unit: unit === 'money' ? currency : unit, meaning }]
    }),
  )
}

function figure(formula: Formula, name: string, value: number): Figure {
  if (Number.isNaN(value)) throw new VmsError('VMS_E_BUG', `${name} of ${formula.id} is not a number`)
  return Number.isFinite(value) ? value : null
}

function currencyOf(values: Values): string {
  const price = Object.values(values).find((value): value is Price => typeof value === 'object' && 'currency' in value)
  return price?.currency ?? ''
}

function explainInput(name: string, input: FormulaInput, { values, given }: GivenInputs): ExplainedInput {
  const { meaning, grade, source } = input
  const shown = (value: InputValue): ExplainedInput['value'] => {
    if (input.type === 'price') return (value as Price).amount
    if (input.type === 'choice') return value as string
    const inItsUnit = (each: number) => inUnit(each, input.unit, input.kind)
    return Array.isArray(value) ? value.map(inItsUnit) : inItsUnit(value as number)
  }
  const value = values[name]!
  const range = input.type === 'quantity' || input.type === 'list' ? { range: rangeOf(input) } : {}
  return {
    name,
    meaning,
    value: shown(value),
    unit: unitOf(input, value),
    default: shown(defaultOf(input)),
    given: given.has(name),
    ...range,
    grade,
    source,
  }
}

function unitOf(input: FormulaInput, value: InputValue): string {
  if (input.type === 'choice') return ''
  if (input.type !== 'price') return input.unit
  const { currency } = value as Price
  return input.each === undefined ? currency : `${currency}/${input.each}`
}
