import { formatBitRate } from '../../kernel/units.ts'
import { renderTable } from '../table.ts'
import type { MeasuredSite } from './measured-site.ts'

/** What was measured beside what the model says. */
export function renderMeasured({ kinds, recordCpu }: MeasuredSite): string {
  const rows = kinds.map(({ name, cameras, model, measured }) => [
    `${cameras} x ${name}`,
    formatBitRate(model),
    measured === null ? 'no video' : formatBitRate(measured),
    measured === null ? '' : difference(measured, model),
  ])
  if (recordCpu !== null) {
    const percent = (cores: number) => `${(cores * 100).toFixed(3)} % of a core`
    rows.push([
      'CPU of recording, 4 Mbps',
      percent(recordCpu.model),
      percent(recordCpu.measured),
      difference(recordCpu.measured, recordCpu.model),
    ])
  }
  return `\n${renderTable(['measured', 'model', 'here', 'difference'], rows)}`
}

/** `+12 %`. */
export function difference(measured: number, model: number): string {
  const share = Math.round((measured / model - 1) * 100)
  return `${share > 0 ? '+' : ''}${share} %`
}
