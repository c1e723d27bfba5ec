import { amount } from '../src/cli/formula-view.ts'
import { type Explanation, explain, formulaGroups } from '../src/planning/formulas/index.ts'

const BEGIN = '<!-- Made by `npm run docs` from src/planning/formulas. Do not edit from here -->'
const END = '<!-- to here. -->'

/** The page with its part about formulas made anew; the rest is written by hand. */
export function withFormulas(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`docs/planning.md lacks "${BEGIN}" or "${END}"`)
  return `${page.slice(0, begin)}${BEGIN}\n\n${renderFormulas()}\n\n${page.slice(end)}`
}

function renderFormulas(): string {
  const groups = [...formulaGroups()].map(([group, formulas]) =>
    [`### ${group}`, ...formulas.map(formula => renderFormula(explain(formula)))].join('\n\n'),
  )
  return groups.join('\n\n')
}

function renderFormula(of: Explanation): string {
  const inputs = of.inputs.map(input => {
    const values = [input.default]
      .flat()
      .map(value => (typeof value === 'string' ? value : amount({ value, unit: input.unit })))
    return `| \`${input.name}\` | ${input.meaning} | ${values.join(', ')} | ${input.grade} | ${linked(input.source)} |`
  })
  const results = Object.entries(of.results).map(([name, { meaning, unit }]) => `\`${name}\` (${unit}): ${meaning}`)
  return [
    `#### ${of.id}`,
    `**${of.title}.** ${of.words}`,
    `    ${of.expression}`,
    ['| input | | default | grade | source |', '| --- | --- | --- | --- | --- |', ...inputs].join('\n'),
    `Gives ${results.join('; ')}.`,
    `The formula is ${of.grade}: ${linked(of.source)}. Example: ${of.example.set.map(each => `\`${each}\``).join(', ')} gives ${amount(of.example.result)}.`,
  ].join('\n\n')
}

function linked({ text, url, date }: Explanation['source']): string {
  const named = url === undefined ? text : `[${text}](${url})`
  return date === undefined ? named : `${named}, ${date}`
}
