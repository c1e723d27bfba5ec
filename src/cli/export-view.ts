import { formatInstant } from '../kernel/instant.ts'
import { formatDuration, formatSize } from '../kernel/units.ts'
import type { ClipGap, EvidenceVerdict, ExportedCamera, Snapshot } from '../recording/export/index.ts'
import type { ExportReport } from './export-site.ts'

/** Gaps that are listed one by one. */
const MAX_GAPS = 20

/** What `archive export` says of what it wrote. */
export function renderExport({ cameras, failed, asked }: ExportReport): string {
  const lines = cameras.flatMap(camera => exportedLines(camera, asked.timezone))
  for (const { camera, message, hint } of failed) {
    lines.push(`${camera}: not exported: ${message}`)
    if (hint !== undefined) lines.push(`  -> ${hint}`)
  }
  return lines.join('\n')
}

function exportedLines(exported: ExportedCamera, timezone: string): string[] {
  const { camera, files, from, to, duration, bytes, gaps, changes, problems, evidence } = exported
  const [first] = files
  const show = (time: string) => formatInstant(Date.parse(time), timezone)
  const what = files.length === 1 ? first!.path : `${files.length} files, ${first!.path} the first`
  const lines = [
    `${camera}: ${what}`,
    `  ${show(from)} to ${show(to)} (${timezone}), ${formatDuration(duration * 1_000)}, ${formatSize(bytes)}`,
  ]
  for (const gap of gaps.slice(0, MAX_GAPS)) lines.push(`  gap: ${gapLine(gap, show)}`)
  if (gaps.length > MAX_GAPS) lines.push(`  and ${gaps.length - MAX_GAPS} gaps more; --json has them all`)
  for (const at of changes)
    lines.push(
      `  codec parameters change at ${show(at)}: browsers made of Chromium may stop there; export two clips for them`,
    )
  for (const problem of problems) lines.push(`  not whole: ${problem}`)
  if (evidence) lines.push(`  evidence: ${evidence.path}`, `  signed by ${evidence.fingerprint}`)
  return lines
}

function gapLine({ from, to, seconds, reasons }: ClipGap, show: (time: string) => string): string {
  const why = reasons.map(({ reason, detail }) => (detail ? `${reason}: ${detail}` : reason)).join(', ')
  return `${show(from)} to ${show(to)}, ${formatDuration(seconds * 1_000)}${why === '' ? '' : ` (${why})`}`
}

/** What `archive snapshot` says of its picture. */
export function renderSnapshot({ path, format, at, bytes, withoutFfmpeg }: Snapshot, timezone: string): string {
  const shown = formatInstant(Date.parse(at), timezone)
  const what = format === 'jpeg' ? 'the picture of' : 'the key frame of'
  const why = withoutFfmpeg ? '\nThere is no ffmpeg to make a JPEG; the key frame stands in an MP4 of one frame.' : ''
  return `${path}: ${what} ${shown} (${timezone}), ${formatSize(bytes)}${why}`
}

/** What `archive check-evidence` says: what is proved, and what is not. */
export function renderVerdict(verdict: EvidenceVerdict): string {
  const { ok, signature, key, files, says, sources, gaps } = verdict
  const lines = [ok ? 'The evidence is whole.' : 'The evidence is NOT good.', '']
  lines.push(
    signature === 'valid'
      ? `signature: the manifest is what the holder of the key ${verdict.fingerprint} signed`
      : 'signature: WRONG, the manifest was changed after it was signed',
  )
  for (const { name, state } of files) lines.push(`file: ${name} is ${FILE_STATES[state]}`)
  lines.push(KEY_STATES[key])
  lines.push('', 'The manifest says:')
  lines.push(`  camera ${says.camera} (${says.stream}) of ${says.site}, ${says.given.from} to ${says.given.to}`)
  lines.push(`  exported ${says.made.at} by ${says.made.by} on ${says.made.host} with ${says.made.tool}`)
  lines.push(`  ${gaps} gaps; made of ${sources.count} segments, ${sourcesLine(sources)}`)
  lines.push(
    '',
    'It does not prove that the clocks of camera and recorder were right, nor what happened before recording.',
  )
  return lines.join('\n')
}

const FILE_STATES = {
  unchanged: 'byte for byte what was exported',
  changed: 'NOT what was exported',
  missing: 'MISSING',
} as const

const KEY_STATES = {
  known: 'key: it is the one that was named',
  other: 'key: it is ANOTHER than the one that was named',
  unknown: 'key: none was named to compare with (--public-key, --fingerprint): whoever has a key may have signed',
} as const

function sourcesLine({ altered, unhashed }: EvidenceVerdict['sources']): string {
  const parts = [
    ...(altered > 0 ? [`${altered} of them were NOT what had been recorded`] : []),
    ...(unhashed > 0 ? [`${unhashed} of them had no hash from when they were recorded`] : []),
  ]
  return parts.length === 0 ? 'all as they had been recorded' : parts.join(', ')
}
