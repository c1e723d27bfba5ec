import type { Grade } from '../../planning/grade.ts'
import { SETTINGS } from '../../planning/inputs/settings.ts'
import type { PlanResult } from '../../planning/model/types.ts'
import { renderTable } from '../table.ts'

const WIDTH = 140
/** Weakest first: that is what one should look at. */
const GRADES: readonly Grade[] = ['assumption', 'secondary', 'vendor', 'derived', 'measured']

/** Settings that matter only beside another one. */
const MATTERS: readonly (readonly [RegExp, (plan: PlanResult) => boolean])[] = [
  [/^(arrivals|session)$/, ({ inputs }) => inputs.viewers.model === 'visits'],
  [/^(operators|tiles|full|dwell)$/, ({ inputs }) => inputs.viewers.model === 'wall'],
  [/^(cards|card-.*|price-card)$/, ({ inputs }) => inputs.encoder.accelerator !== 'none'],
  [/^(transcode-.*|accelerator)$/, ({ inputs }) => inputs.work.transcode > 0],
  [/^smart-(day|night)$/, ({ inputs }) => inputs.cameras.some(kind => kind.smart)],
  [/^(seed|draws|price-date|cameras)$/, () => false],
]

function matters(key: string, plan: PlanResult): boolean {
  return MATTERS.every(([keys, when]) => !keys.test(key) || when(plan))
}

/** What nobody said, by grade, in a few lines: `Assumed: codec h264, ...`. */
export function assumedLines(plan: PlanResult): string[] {
  const { origins } = plan
  const lines = GRADES.flatMap(grade => {
    const of = SETTINGS.filter(({ key }) => origins[key]?.grade === grade && matters(key, plan))
    if (of.length === 0) return []
    return wrap(`${grade}: ${of.map(({ key }) => `${key} ${origins[key]!.text}`).join(' · ')}`)
  })
  return lines.length === 0 ? [] : ['What nobody said (--assumptions tells the source of each):', ...lines]
}

/** Every setting with its value, grade and source. */
export function renderAssumptions({ origins }: PlanResult): string {
  const rows = SETTINGS.flatMap(({ key }) => {
    const origin = origins[key]
    if (origin === undefined) return []
    const { text, url, date } = origin.source
    const source = [text, date, url].filter(part => part !== undefined).join(', ')
    return [[key, origin.text, origin.grade ?? 'said', source]]
  })
  return renderTable(['setting', 'value', 'grade', 'source'], rows)
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ' '
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line)
      line = '   '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
