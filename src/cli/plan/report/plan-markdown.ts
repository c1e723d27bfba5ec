import type { PlanResult } from '../../../planning/model/types.ts'
import { markdownTable, markdownText } from '../../../report/index.ts'
import { PLAIN } from '../../palette.ts'
import { breaks, subject } from '../plan-view.ts'
import { assumptionTable, billTable, figureTable, limitTable } from './plan-tables.ts'

/** A plan as a document. */
export function planMarkdown(plan: PlanResult): string {
  const { bill, notes, vmsctl, inputs } = plan
  const table = ({ head, rows, right }: ReturnType<typeof figureTable>) => markdownTable(head, rows, right)
  return [
    `# Plan for ${plan.cameras} cameras`,
    markdownText(subject(plan)),
    markdownText(breaks(plan, PLAIN).join(' ')),
    table(figureTable(plan)),
    '## Bill',
    `Prices of ${bill.date}; energy a year, over ${bill.years} years in the total.`,
    table(billTable(plan)),
    '## What breaks first',
    table(limitTable(plan)),
    notes.map(note => `- ${markdownText(note)}`).join('\n'),
    '## What it rests on',
    table(assumptionTable(plan)),
    `Made by vmsctl ${vmsctl}, ${inputs.draws} draws, seed ${inputs.seed}.`,
  ]
    .filter(part => part !== '')
    .join('\n\n')
}
