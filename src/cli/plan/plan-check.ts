import { processTree, processUsage } from '../../bench/process-usage.ts'
import type { SiteStatus } from '../../daemon/types.ts'
import { sleep, systemClock } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { formatBitRate, formatDuration } from '../../kernel/units.ts'
import { settingOf } from '../../planning/inputs/settings.ts'
import type { FigureId, PlanResult } from '../../planning/model/types.ts'
import { daemonClient } from '../daemon-client.ts'
import { renderTable } from '../table.ts'
import { difference } from './measured-view.ts'
import { rounded } from './plan-values.ts'

/** Milliseconds over which the CPU is measured. */
const CPU_WINDOW = 2_000
const DAY = 86_400_000

interface CheckRow {
  readonly what: string
  /** What the plan allows (P95, or the promise), and what is; null where it cannot be told. */
  readonly planned: number
  readonly found: number | null
  readonly unit: 'cameras' | 'bit/s' | 'streams' | 'cores' | 'ms'
  readonly ok: boolean
  readonly note: string
}

export interface PlanCheck {
  readonly ok: boolean
  readonly tolerance: number
  readonly rows: readonly CheckRow[]
}

/** The running site against the plan. Throws VMS_E_DAEMON_NOT_RUNNING without a daemon. */
export async function checkSite(
  plan: PlanResult,
  flags: { 'state-dir'?: string | undefined; tolerance: string },
): Promise<PlanCheck> {
  const tolerance = toleranceOf(flags.tolerance)
  const status = await daemonClient(flags).status()
  return compare(plan, status, await cores(status), tolerance)
}

/** What is above the plan's P95 by more than the tolerance, or below its promise, is not ok. Less than planned is. */
export function compare(plan: PlanResult, status: SiteStatus, cpu: number | null, tolerance: number): PlanCheck {
  const p95 = (id: FigureId) => plan.figures.find(figure => figure.id === id)!.p95
  const sum = (of: (camera: SiteStatus['cameras'][number]) => number | null | undefined) =>
    status.cameras.reduce((total, camera) => total + (of(camera) ?? 0), 0)
  const most = (what: string, unit: CheckRow['unit'], planned: number, found: number | null, note = ''): CheckRow => ({
    what,
    planned,
    found,
    unit,
    note,
    ok: found === null || found <= planned * (1 + tolerance),
  })
  const viewers = plan.inputs.viewers
  const planned = viewers.operators * (viewers.tiles + viewers.full)
  const promised = plan.inputs.storage.retention
  const { headroom } = status.summary
  const kept = headroom === null ? null : headroom + footage(status)
  const rows = [
    most('cameras', 'cameras', plan.cameras, status.summary.cameras),
    most(
      'ingest, recording',
      'bit/s',
      p95('ingest.recording.night'),
      sum(camera => camera.main?.bitrate),
    ),
    most(
      'ingest, viewing',
      'bit/s',
      p95('ingest.viewing'),
      sum(camera => camera.sub?.bitrate),
    ),
    most('sub-streams open', 'streams', plan.watched.p95, status.summary.subStreams),
    ...(viewers.model === 'wall' ? [most('streams to viewers', 'streams', planned, status.summary.readers)] : []),
    most('CPU of recording', 'cores', p95('cpu.recording'), cpu, cpu === null ? 'its processes cannot be seen' : ''),
    {
      what: 'retention',
      planned: promised,
      found: kept,
      unit: 'ms' as const,
      ok: kept === null || kept >= promised * (1 - tolerance),
      note: 'footage on disk and what fits yet, at the bit rate of now',
    },
  ]
  return { ok: rows.every(row => row.ok), tolerance, rows }
}

/** Milliseconds of footage on disk, at the bit rate of now. */
function footage(status: SiteStatus): number {
  const bytes = status.cameras.reduce((sum, camera) => sum + camera.bytesOnDisk, 0)
  return status.summary.bitrate > 0 ? (bytes * 8_000) / status.summary.bitrate : 0
}

/** Cores that the daemon, its workers and their children take over two seconds; null when they belong to somebody else. */
async function cores({ daemon, workers }: SiteStatus): Promise<number | null> {
  const roots = [daemon.pid, ...workers.flatMap(({ pid }) => (pid === null ? [] : [pid]))]
  const pids = [...new Set(processTree(roots))]
  const used = () => pids.map(pid => processUsage(pid, false)).map(usage => (usage ? usage.user + usage.system : null))
  const before = used()
  const start = systemClock.monotonic()
  await sleep(systemClock, CPU_WINDOW)
  const seconds = (systemClock.monotonic() - start) / 1_000
  const after = used()
  const spent = pids.map((_, i) => (before[i] == null || after[i] == null ? null : after[i]! - before[i]!))
  const known = spent.filter(value => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / seconds
}

function toleranceOf(text: string): number {
  const { type } = settingOf('growth')!
  try {
    const value = type.parse(text)
    const problem = type.problem(value)
    if (problem === undefined) return value as number
    throw new VmsError('VMS_E_USAGE', `"${text}" ${problem}`)
  } catch (error) {
    if (!(error instanceof VmsError)) throw error
    throw new VmsError('VMS_E_USAGE', `--tolerance: ${error.message}`, { hint: 'Write it like 20%.' })
  }
}

export function renderCheck({ ok, tolerance, rows }: PlanCheck): string {
  const wrong = rows.filter(row => !row.ok)
  const answer = ok
    ? `The site is as planned, within ${Math.round(tolerance * 100)} %.`
    : `The site is beyond the plan by more than ${Math.round(tolerance * 100)} %: ${wrong.map(row => row.what).join(', ')}.`
  const table = rows.map(({ what, planned, found, unit, ok: fine, note }) => [
    what,
    show(planned, unit),
    found === null ? 'unknown' : show(found, unit),
    found === null || planned === 0 ? '' : difference(found, planned),
    fine ? 'ok' : 'beyond',
    note,
  ])
  return `${answer}\n${renderTable(['', 'plan (P95)', 'now', 'difference', '', ''], table)}`
}

function show(value: number, unit: CheckRow['unit']): string {
  if (unit === 'bit/s') return formatBitRate(value)
  if (unit === 'ms') return value >= DAY ? `${rounded(value / DAY)} days` : formatDuration(value)
  return `${unit === 'cores' ? rounded(value) : Math.round(value)} ${unit}`
}
