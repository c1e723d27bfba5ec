import { formatMoney } from '../../kernel/money.ts'
import { formatSize } from '../../kernel/units.ts'
import type { FigureId, Limit, PlanResult } from '../../planning/model/types.ts'
import { grouped, plural, retentionText } from '../../planning/model/words.ts'
import { raidName } from '../../planning/storage/raid.ts'
import type { Palette } from '../palette.ts'
import { renderTable } from '../table.ts'
import { assumedLines } from './assumptions-view.ts'
import { figuresById, formatFigure } from './plan-values.ts'

const TIB = 2 ** 40
/** Figures of the table; those that are nothing are left out. */
const ROWS: readonly FigureId[] = [
  'ingest.recording.day',
  'ingest.recording.night',
  'ingest.viewing',
  'uplink',
  'relay.out',
  'storage.daily',
  'storage.raw',
  'cpu.recording',
  'cpu.relay',
  'cpu.transcoding',
  'memory',
  'power',
]

/** The whole of `vmsctl plan`: the answer, the table, what to buy, the bill, what breaks first, what was assumed. */
export function renderPlan(plan: PlanResult, palette: Palette): string {
  const { currency } = plan.inputs.prices
  const figures = figuresById(plan.figures)
  const rows = ROWS.map(id => figures.get(id)!)
    .filter(figure => figure.p95 > 0)
    .map(({ name, unit, p50, p95, decides }) => [
      name,
      formatFigure(p50, unit, currency),
      formatFigure(p95, unit, currency),
      decides,
    ])
  return [
    palette.bold(subject(plan)),
    ...(rows.length > 0 ? [renderTable(['', 'P50', 'P95', 'what decides it'], rows), ''] : []),
    ...(plan.cameras > 0 ? [`To buy (for P95): ${hardware(plan)}.`, ...bill(plan), ...spreads(plan)] : []),
    ...breaks(plan, palette),
    ...plan.notes.map(note => `- ${note}`),
    ...assumedLines(plan).map(palette.dim),
  ].join('\n')
}

/** `200 cameras, H.264 1080p, 4 Mbps main (P10 2, P90 6), 30 days, 20 operators x 9 tiles`. */
export function subject({ inputs, cameras, origins }: PlanResult): string {
  const { viewers, storage } = inputs
  const kinds = inputs.cameras.filter(kind => kind.count > 0)
  const [one] = kinds
  const what =
    one === undefined
      ? ''
      : kinds.length > 1
        ? `, of ${kinds.length} kinds`
        : `, ${one.codec === 'h264' ? 'H.264' : 'H.265'} ${one.resolution}, ${megabits(one.main.p50)} Mbps main (${origins.bitrate?.by === 'default' ? 'assumption: ' : ''}P10 ${megabits(one.main.p10)}, P90 ${megabits(one.main.p90)})`
  const watching =
    viewers.model === 'visits'
      ? `${viewers.arrivals} visits an hour`
      : `${plural(viewers.operators, 'operator')} x ${plural(viewers.tiles, 'tile')}`
  return `${plural(cameras, 'camera')}${what}, ${retentionText(storage.retention)}, ${watching}`
}

function megabits(bitsPerSecond: number): string {
  return String(Number((bitsPerSecond / 1e6).toPrecision(3)))
}

function hardware({ disks, nodes, encoder, inputs }: PlanResult): string {
  const parts: string[] = []
  if (disks.disks > 0)
    parts.push(
      `${plural(disks.disks, 'disk')} of ${formatSize(disks.size)} (${(disks.size / TIB).toFixed(1)} TiB) in ${plural(disks.groups, `${raidName(inputs.storage.raid)} group`)}, ${disks.spares === 0 ? 'no spare' : plural(disks.spares, 'spare')} among them`,
    )
  parts.push(
    `${plural(nodes.nodes, 'node')} of ${plural(inputs.nodes.cores, 'core')} and ${formatSize(inputs.nodes.memory)}${nodes.spare > 0 ? `, ${nodes.spare} spare` : ''}`,
  )
  if (encoder.cards > 0)
    parts.push(`${plural(encoder.cards, 'card')} (${inputs.encoder.accelerator}) for ${encoder.transcodes} transcodes`)
  return parts.join('; ')
}

function bill({ bill, figures }: PlanResult): string[] {
  const { currency, years } = bill
  const of = figuresById(figures)
  const amount = (id: string) =>
    `${formatMoney({ amount: of.get(id)!.p50, currency })} (P95 ${formatMoney({ amount: of.get(id)!.p95, currency })})`
  const lines = bill.lines.map(
    ({ name, p50 }) => `${name} ${p50 === null ? 'no price known' : formatMoney({ amount: p50, currency })}`,
  )
  return [
    `Bill: ${amount('cost.once')} once, ${amount('cost.yearly')} a year; over ${years === 1 ? '1 year' : `${years} years`} ${amount('cost.total')}. Prices of ${bill.date}.`,
    `      ${lines.join(', ')}`,
  ]
}

/** What spreads the answer most: of storage, which costs most, and of the busiest hour. */
function spreads({ figures, inputs }: PlanResult): string[] {
  const of = figuresById(figures)
  const shown = (['storage.raw', 'ingest.recording.night'] as const)
    .map(id => of.get(id)!)
    .filter(figure => figure.spread.length > 0)
  return shown.map(({ name, unit, spread }) => {
    const swings = spread.map(({ name: cause, low, high }) => {
      const format = (value: number) => formatFigure(value, unit, inputs.prices.currency)
      return `${cause} (${format(low)} to ${format(high)})`
    })
    return `Spreads ${name.replace('ingest, ', '')} most: ${swings.join('; ')}.`
  })
}

/** `Breaks first: the 1 Gbps uplink, at 172 cameras (P95). Next: ...`. */
export function breaks({ limits, cameras, inputs }: PlanResult, palette: Palette): string[] {
  const [first, next] = limits
  if (first === undefined) return []
  const say = ({ name, cameras: most, years }: Limit) => {
    if (most === null) return `${name}, far beyond`
    const grows = years === null ? '' : `, in ${years.toFixed(1)} years at ${Math.round(inputs.growth * 100)} % growth`
    return most === 0 ? `${name}, with the first camera` : `${name}, above ${grouped(most)} cameras${grows}`
  }
  const text = `Breaks first: ${say(first)} (P95).${next ? ` Next: ${say(next)}.` : ''}`
  const paint = first.cameras !== null && first.cameras < cameras ? palette.bad : palette.good
  return [paint(text)]
}
