import { formatDuration, formatSize } from '../kernel/units.ts'
import type { CameraVerdict, FindingKind, VerifyReport } from '../recording/verify/index.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'

/** What people are told of each kind; the number of them stands before. */
const WORDS: Readonly<Record<FindingKind, string>> = {
  hash: 'changed since recorded',
  damaged: 'damaged',
  unreadable: 'unreadable',
  'no-file': 'not there',
  hole: 'unexplained holes',
  'row-differs': 'unlike the index',
  'no-row': 'not in the index',
  misplaced: 'in a wrong folder',
  duplicate: 'double',
  overlap: 'overlapping',
  torn: 'left open',
  empty: 'empty',
}

/** What puts right what was found; the rest is for a person. */
const REMEDIES: readonly (readonly [readonly FindingKind[], string])[] = [
  [['torn', 'empty'], 'vmsctl archive repair closes what a crash left open.'],
  [['no-row', 'row-differs'], 'vmsctl archive rebuild takes into the index what the files say.'],
]

/** Findings and foreign files of one camera that are named to people. */
const NAMED = 5

/** `vmsctl archive verify`: the answer, a verdict for each camera, the worst findings by name. */
export function renderVerify(report: VerifyReport, palette: Palette): string {
  const { cameras, foreign } = report
  const bad = cameras.filter(({ ok }) => !ok)
  const lines = [palette.bold(answer(report, bad.length))]
  const rows = [...bad, ...cameras.filter(({ ok }) => ok)].map(verdict => [
    verdict.camera,
    String(verdict.files),
    formatSize(verdict.bytes),
    verdictOf(verdict),
  ])
  if (rows.length > 0) lines.push(renderColumns(['camera', 'files', 'size', 'verdict'], rows, palette))
  for (const { findings } of bad) {
    for (const { kind, path, detail } of findings.slice(0, NAMED)) {
      lines.push(palette.warning(`! ${path}: ${kind === 'hole' ? '' : `${WORDS[kind]}: `}${detail}`))
    }
    if (findings.length > NAMED) lines.push(palette.dim(`  ${findings.length - NAMED} more; --json names them`))
  }
  for (const [kinds, remedy] of REMEDIES) {
    if (bad.some(({ counts }) => kinds.some(kind => counts[kind] !== undefined))) lines.push(remedy)
  }
  const others = [...foreign, ...cameras.flatMap(camera => camera.foreign)]
  if (others.length > 0) {
    const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
    lines.push(palette.dim(`not of this archive, and left alone: ${others.slice(0, NAMED).join(', ')}${more}`))
  }
  return lines.join('\n')
}

function answer({ cameras, files, hashed, deep, elapsed }: VerifyReport, bad: number): string {
  const of = `${cameras.length} ${cameras.length === 1 ? 'camera' : 'cameras'}`
  const verdict = bad === 0 ? `All is well with the footage of ${of}` : `Findings with ${bad} of ${of}`
  const rate = elapsed > 0 ? `, ${Math.round(hashed / 1_000 / elapsed)} MB/s` : ''
  const read = deep ? `, ${formatSize(hashed)} hashed${rate}` : ''
  return `${verdict}: ${files} files in ${formatDuration(elapsed)}${read}.`
}

function verdictOf({ ok, counts, open, withoutHash }: CameraVerdict): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${WORDS[kind as FindingKind]}`)
  if (ok) parts.push('ok')
  if (open.length > 0) parts.push(`${open.length} being written`)
  if (withoutHash > 0) parts.push(`${withoutHash} without a hash`)
  return parts.join(', ')
}
