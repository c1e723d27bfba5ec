import { formatLocal } from '../kernel/instant.ts'
import { formatBitRate, formatDuration, formatSize } from '../kernel/units.ts'
import type { CameraPlan, RetentionPlan, RetentionRule } from '../recording/retention/index.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'
import type { AppliedRetention, PolicyReport } from './retention-site.ts'

const DAY = 86_400_000
/** Cameras up to which all are shown. */
const FEW = 20

const RULES: Readonly<Record<RetentionRule, string>> = {
  age: 'too old',
  quota: 'over a quota',
  headroom: 'for want of room',
}

const POLICIES: Readonly<Record<PolicyReport['policy'], string>> = {
  'oldest-first': 'the camera with the oldest footage gives first',
  'by-priority': 'the camera with the lowest priority gives first, its oldest footage',
  'fair-by-days': 'the camera with most days recorded gives first, so that all keep as many',
}

/** `vmsctl archive retention plan`. `all`: also cameras of which nothing goes and whose promise holds. */
export function renderPlan(plan: RetentionPlan, timezone: string, all: boolean, palette: Palette): string {
  const { segments, bytes, forecast, alarms, cameras } = plan
  const local = (at: number) => formatLocal(at, timezone).slice(0, 16)
  const promises = new Map(forecast.promises.map(promise => [promise.camera, promise]))
  const touched = cameras.filter(camera => dueOf(camera).segments > 0 || promises.get(camera.camera)?.breaksAt != null)
  const shown = all || cameras.length <= FEW ? cameras : touched
  const soonest = ({ camera }: CameraPlan) => promises.get(camera)?.breaksAt ?? Number.POSITIVE_INFINITY
  const rows = shown
    .toSorted((a, b) => (soonest(a) < soonest(b) ? -1 : soonest(a) > soonest(b) ? 1 : 0))
    .map(camera => {
      const promise = promises.get(camera.camera)
      return [
        camera.camera,
        camera.oldest === null ? '' : local(camera.oldest),
        formatSize(camera.bytes),
        camera.rate === null ? '' : formatBitRate(camera.rate * 8),
        dueText(camera),
        promise === undefined
          ? ''
          : promise.breaksAt === null
            ? palette.good(`holds: ${days(promise.promised)} days`)
            : palette.bad(
                `breaks ${promise.breaksAt <= plan.now ? 'now' : local(promise.breaksAt)}: keeps ${days(promise.keeps)} of ${days(promise.promised)} days promised${promise.by === 'quota' ? ' (quota)' : ''}`,
              ),
      ]
    })
  const lines = [palette.bold(`${segments === 0 ? 'Nothing has to go now' : goes(segments, bytes)}. ${roomText(plan)}`)]
  lines.push(...alarms.map(alarm => palette.bad(`! ${alarm}`)))
  if (forecast.roomEndsAt !== null && forecast.roomEndsAt > plan.now)
    lines.push(`Footage begins to go for want of room on ${local(forecast.roomEndsAt)} (${timezone}).`)
  if (forecast.fullAt !== null)
    lines.push(
      palette.bad(`! The disk is full on ${local(forecast.fullAt)}: what is left then is held or too young to go.`),
    )
  if (rows.length > 0)
    lines.push(renderColumns(['camera', 'oldest', 'size', 'rate', 'goes now', 'promise'], rows, palette))
  const hidden = cameras.length - shown.length
  if (hidden > 0) lines.push(palette.dim(`(${hidden} more give nothing now and break no promise: --all)`))
  if (segments > 0) lines.push('vmsctl archive retention apply does it now; a running daemon does it by itself.')
  return lines.join('\n')
}

/** `vmsctl archive retention apply`. */
export function renderApplied({ files, bytes, gone, left, alarms }: AppliedRetention): string {
  const lines = [files === 0 ? 'Nothing had to go.' : `${files} segments deleted, ${formatSize(bytes)}.`]
  if (gone > 0) lines.push(`${gone} files were gone already; the index has forgotten them.`)
  for (const { segment, why } of left.slice(0, FEW)) lines.push(`not deleted: ${segment.path}: ${why}`)
  if (left.length > FEW) lines.push(`not deleted: ${left.length - FEW} more; --json names them`)
  lines.push(...alarms.map(alarm => `! ${alarm}`))
  return lines.join('\n')
}

/** `vmsctl archive retention policy`. */
export function renderPolicy({ policy, headroom, groups, cameras }: PolicyReport, timezone: string): string {
  const rows = cameras.map(({ camera, group, priority, age, quota, recorded, gives }, place) => [
    gives === null ? '-' : String(place + 1),
    camera,
    group ?? '',
    String(priority),
    age === null ? 'no limit' : `${days(age)} days`,
    quota === null ? '' : formatSize(quota),
    `${days(recorded)} days`,
    gives === null ? 'nothing' : formatLocal(gives, timezone).slice(0, 16),
  ])
  return [
    `When room is short (less than ${formatDuration(headroom.delete)} of writing), ${POLICIES[policy]} (${policy}).`,
    `People are told at ${formatDuration(headroom.warn)}. The last ${formatDuration(headroom.protect)} of a camera, and what is held, never go.`,
    ...groups.map(({ group, quota }) => `All cameras of group ${group} together: ${formatSize(quota)} at the most.`),
    renderColumns(['gives', 'camera', 'group', 'priority', 'age', 'quota', 'recorded', 'first to go'], rows),
  ].join('\n')
}

function days(milliseconds: number): string {
  return String(Number((milliseconds / DAY).toFixed(1)))
}

function dueOf({ due }: CameraPlan): { segments: number; bytes: number } {
  const sums = Object.values(due)
  return {
    segments: sums.reduce((sum, { segments }) => sum + segments, 0),
    bytes: sums.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function dueText(camera: CameraPlan): string {
  const { segments, bytes } = dueOf(camera)
  if (segments === 0) return ''
  const rules = (Object.keys(RULES) as RetentionRule[]).filter(rule => camera.due[rule].segments > 0)
  return `${segments} (${formatSize(bytes)}) ${rules.map(rule => RULES[rule]).join(', ')}`
}

function goes(segments: number, bytes: number): string {
  return `${segments} ${segments === 1 ? 'segment goes' : 'segments go'} now, ${formatSize(bytes)}`
}

function roomText({ free, headroom, rate }: RetentionPlan): string {
  if (free === null) return 'How much room there is cannot be told.'
  if (headroom === null) return `${formatSize(free)} are free; nothing is known of the bit rates.`
  return `${formatSize(free)} are free: ${formatDuration(headroom)} of writing at ${formatBitRate(rate * 8)}.`
}
