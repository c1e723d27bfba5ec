import type { Roadmap } from '../../planning/roadmap/index.ts'
import { renderColumns } from '../columns.ts'
import type { Palette } from '../palette.ts'
import { wrap } from '../wrap.ts'
import { CHANGE_HEAD, changeRows, purchaseWords, roadmapAnswer, stepTitle } from './roadmap-words.ts'

/** `vmsctl roadmap` on a terminal: the answer, then each step with what it changes, costs and risks, and what proves it. */
export function renderRoadmap(roadmap: Roadmap, palette: Palette): string {
  const steps = roadmap.steps.flatMap(step => [
    '',
    palette.bold(stepTitle(step)),
    ...wrap(`  ${step.idea} Promised: ${step.claim}. Here: ${step.found}.`, '  '),
    renderColumns(
      CHANGE_HEAD.map((head, column) => (column === 0 ? '  ' : head)),
      changeRows(step.changes, roadmap).map(([name, ...rest]) => [`  ${name}`, ...rest]),
    ),
    ...wrap(`  Cost: ${purchaseWords(step.purchases, roadmap.currency)}.`, '    '),
    ...wrap(`  Risk: ${step.risk}`, '    '),
    ...step.proofs.flatMap(({ command, shows }) => wrap(`  Proof: ${command}: ${shows}`, '    ')),
  ])
  return [
    palette.bold(roadmapAnswer(roadmap)),
    palette.dim('At P50; what is bought is sized for P95.'),
    ...steps,
    '',
    ...roadmap.notes.flatMap(note => wrap(`- ${note}`, '  ')),
  ].join('\n')
}
