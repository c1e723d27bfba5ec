import type { ExplainedInput, Explanation, Formula, Result } from '../planning/formulas/index.ts'
import { renderColumns } from './columns.ts'

/** All formulas by group, with what they are of. */
export function renderFormulaList(groups: ReadonlyMap<string, readonly Formula[]>): string {
  const rows = [...groups.values()].flatMap((formulas, index) => [
    ...(index === 0 ? [] : [['', '']]),
    ...formulas.map(({ id, title, inputs }) => [id, title, Object.keys(inputs).join(', ')]),
  ])
  return `${renderColumns(['formula', 'of', 'inputs'], rows)}\n\n-> vmsctl plan explain FORMULA [--set INPUT=VALUE ...]`
}

/** A formula, its value for the inputs given, and where everything comes from. */
export function renderExplanation(of: Explanation): string {
  const [first, ...others] = Object.values(of.results)
  const swept = Array.isArray(first!.value) ? of.inputs.find(({ value }) => Array.isArray(value)) : undefined
  const inputs = renderColumns(['input', 'value', 'default', 'grade', 'what'], of.inputs.map(inputRow))
  return [
    swept ? `${of.id}: ${of.title}` : `${of.id} = ${amount(first!)} (${first!.meaning})`,
    ...(swept ? ['', renderSweep(of, swept)] : others.map(each => `  ${amount(each)}: ${each.meaning}`)),
    ...(of.note === undefined ? [] : [of.note]),
    '',
    `${of.title}: ${of.expression}`,
    of.words,
    '',
    inputs,
    '',
    `The formula is ${of.grade}: ${spelled(of.source)}`,
    ...inputSources(of.inputs),
    `Example: ${of.example.set.join(', ')} gives ${amount(of.example.result)}`,
  ].join('\n')
}

function inputRow({ name, value, unit, default: usual, given, grade, meaning }: ExplainedInput): string[] {
  const shown = (each: ExplainedInput['value']) =>
    [each]
      .flat()
      .map(part => written(part, unit))
      .join(', ')
  return [name, shown(value), given ? shown(usual) : '', given ? 'given' : grade, meaning]
}

/** Where the defaults that count come from, each source once. */
function inputSources(inputs: readonly ExplainedInput[]): string[] {
  const bySource = Map.groupBy(
    inputs.filter(({ given }) => !given),
    ({ source }) => spelled(source),
  )
  return [...bySource].map(([source, those]) => `${those.map(({ name }) => name).join(', ')}: ${source}`)
}

function spelled({ text, url, date }: ExplainedInput['source']): string {
  return [text, date === undefined ? '' : `(${date})`, url === undefined ? '' : `<${url}>`].filter(Boolean).join(' ')
}

/** One line for each value of the input that was given several. */
function renderSweep(of: Explanation, input: ExplainedInput): string {
  const results = Object.entries(of.results)
  const rows = (input.value as readonly number[]).map((value, index) => [
    written(value, input.unit),
    ...results.map(([, { value: figures, unit }]) => amount({ value: (figures as (number | null)[])[index]!, unit })),
  ])
  return renderColumns([input.name, ...results.map(([name]) => name)], rows)
}

/** `259.2 TB`, `13.9 %` of a share, `endless` of what has no end. */
export function amount({ value, unit }: Result): string {
  return [value]
    .flat()
    .map(each => (each === null ? 'endless' : written(each, unit)))
    .join(', ')
}

function written(value: number | string, unit: string): string {
  if (typeof value === 'string') return value
  if (unit === 'share') return `${digits(value * 100)} %`
  if (unit === 'ratio') return digits(value)
  return `${digits(value)} ${unit}`.trimEnd()
}

/** Nine digits at most: enough to compare with another calculator. */
function digits(value: number): string {
  return String(Number(value.toPrecision(9)))
}
