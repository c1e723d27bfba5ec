import type { Roadmap } from '../../planning/roadmap/index.ts'
import { markdownTable, markdownText } from '../../report/index.ts'
import { CHANGE_HEAD, changeRows, purchaseWords, roadmapAnswer, stepTitle } from './roadmap-words.ts'

/** The roadmap as a document to hand in. */
export function roadmapMarkdown(roadmap: Roadmap): string {
  const { cameras, currency, steps, total, notes, vmsctl } = roadmap
  const table = (changes: Roadmap['total']) => markdownTable(CHANGE_HEAD, changeRows(changes, roadmap), [1, 2, 3, 4])
  const summary = steps.map(step => [
    String(step.phase),
    step.weeks,
    step.name,
    step.claim,
    step.found,
    purchaseWords(step.purchases, currency),
  ])
  return [
    `# Roadmap for ${cameras} cameras`,
    markdownText(roadmapAnswer(roadmap)),
    markdownTable(['phase', 'weeks', 'step', 'promised', 'at this site', 'cost'], summary),
    'Figures are P50; what is bought is sized for P95. Each step stands on the one before it.',
    ...steps.flatMap(step => [
      `## ${markdownText(stepTitle(step))}`,
      markdownText(`${step.idea} Promised: ${step.claim}. Here: ${step.found}.`),
      table(step.changes),
      `**Cost:** ${markdownText(purchaseWords(step.purchases, currency))}.`,
      `**Risk:** ${markdownText(step.risk)}`,
      `**Proof:**\n\n${step.proofs.map(({ command, shows }) => `- \`${command}\`: ${markdownText(shows)}`).join('\n')}`,
    ]),
    '## From start to end',
    table(total),
    notes.map(note => `- ${markdownText(note)}`).join('\n'),
    `Made by vmsctl ${vmsctl}.`,
  ].join('\n\n')
}
