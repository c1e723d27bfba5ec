import { formatLocal } from '../kernel/instant.ts'
import type { RaisedAlarm } from '../recording/alarms/index.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'

const WORDS = {
  'not-recorded': 'not recorded',
  coverage: 'recorded too little',
  headroom: 'room is running out',
} as const

/** `vmsctl alarm list`: how many there are, then one line each, with times in the zone. */
export function renderAlarms(alarms: readonly RaisedAlarm[], timezone: string, palette: Palette): string {
  if (alarms.length === 0) return palette.good('No alarms.')
  const answer = `${alarms.length} ${alarms.length === 1 ? 'alarm lasts' : 'alarms last'}; times are ${timezone}.`
  const rows = alarms.map(({ rule, camera, since, reason, detail, told }) => [
    camera ?? '(site)',
    WORDS[rule],
    formatLocal(since, timezone),
    detail ?? reason ?? '',
    told ? '' : 'not told yet',
  ])
  return [palette.bad(answer), renderColumns(['camera', 'alarm', 'since', 'why', 'note'], rows, palette)].join('\n')
}
