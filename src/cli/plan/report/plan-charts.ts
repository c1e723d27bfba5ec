import { formatSize } from '../../../kernel/units.ts'
import type { FigureId, PlanResult } from '../../../planning/model/types.ts'
import { barChart, stackedLines, tornado } from '../../../report/index.ts'
import { figuresById, formatFigure } from '../plan-values.ts'

const DAY = 86_400_000
const TRAFFIC: readonly FigureId[] = [
  'ingest.recording.day',
  'ingest.recording.night',
  'ingest.viewing',
  'uplink',
  'relay.out',
]
/** Days that the chart of storage goes on behind the retention. */
const BEYOND = 1.2
const POINTS = 60

/** Bandwidth by source, beside what one uplink may carry. */
export function bandwidthChart({ figures, inputs }: PlanResult): string {
  const of = figuresById(figures)
  const { uplink, load } = inputs.network
  const format = (value: number) => formatFigure(value, 'bit/s', '')
  const bars = TRAFFIC.map(id => of.get(id)!).map(({ name, p50, p95 }) => ({ label: name, value: p50, high: p95 }))
  const title = 'Bandwidth by source, P50 and P95 behind it'
  if (uplink === null) return barChart({ id: 'bandwidth', title, bars, format })
  const mark = { value: uplink * load, label: `${format(uplink * load)}, what the uplink may carry` }
  return barChart({ id: 'bandwidth', title, bars, format, mark })
}

/** Storage over days until the oldest footage goes: video, what a P95 site needs more, and what is not for video. */
export function storageChart({ figures, inputs, disks }: PlanResult): string {
  const { daily, raw, video } = storageOf(figures)
  const retention = inputs.storage.retention / DAY
  const days = Array.from({ length: POINTS + 1 }, (_, i) => (i / POINTS) * retention * BEYOND)
  const kept = days.map(day => Math.min(day, retention))
  // File system and what is kept free, for each byte of video.
  const beside = video.p50 > 0 ? raw.p50 / video.p50 - 1 : 0
  const layers = [
    { name: 'video, P50', values: kept.map(day => day * daily.p50) },
    { name: 'more at P95', values: kept.map(day => day * (daily.p95 - daily.p50)) },
    { name: 'file system, free', values: kept.map(day => day * daily.p95 * beside) },
  ]
  const title = 'Storage over days'
  const mark = { value: disks.usable, label: `${formatSize(disks.usable)} behind RAID` }
  return stackedLines({ id: 'storage', title, days, layers, format: formatSize, ...(disks.usable > 0 ? { mark } : {}) })
}

function storageOf(figures: PlanResult['figures']) {
  const of = figuresById(figures)
  return { daily: of.get('storage.daily')!, raw: of.get('storage.raw')!, video: of.get('storage.video')! }
}

/** Cost by part over the years of the bill. */
export function costChart({ bill }: PlanResult): string {
  const times = (when: 'once' | 'yearly') => (when === 'once' ? 1 : bill.years)
  const bars = bill.lines
    .filter(({ p50 }) => p50 !== null)
    .map(({ name, p50, p95, when }) => ({ label: name, value: p50! * times(when), high: p95! * times(when) }))
  const years = bill.years === 1 ? '1 year' : `${bill.years} years`
  const format = (value: number) => formatFigure(Math.round(value), 'money', bill.currency)
  return barChart({ id: 'cost', title: `Cost by part over ${years}, P50 and P95 behind it`, bars, format })
}

/** What spreads a figure most. */
export function tornadoChart({ figures, inputs }: PlanResult, id: FigureId): string {
  const { name, unit, p50, spread } = figures.find(figure => figure.id === id)!
  if (spread.length === 0) return ''
  return tornado({
    id: `tornado-${id.replaceAll('.', '-')}`,
    title: `What spreads most: ${name}`,
    middle: p50,
    rows: spread.map(({ name: label, low, high }) => ({ label, low, high })),
    format: value => formatFigure(unit === 'money' ? Math.round(value) : value, unit, inputs.prices.currency),
  })
}
