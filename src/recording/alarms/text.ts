import { formatLocal } from '../../kernel/instant.ts'
import type { AlarmMessage, RaisedAlarm } from './types.ts'

/** Cameras that a sentence names. */
const NAMED = 5

/**
 * A message as one sentence: `50 cameras in 10.0.3.0/24 are not recorded since 14:02:07: unreachable (cam-001, cam-002 and 48 more).`
 * Times are in the zone.
 */
export function messageText({ kind, rule, network, alarms }: AlarmMessage, timezone: string): string {
  if (kind === 'test') return 'This is a test of the alarms. Nothing is wrong.'
  const cameras = alarms.flatMap(({ camera }) => camera ?? [])
  const since = formatLocal(Math.min(...alarms.map(alarm => alarm.since)), timezone)
  const still = kind === 'reminder' ? 'still ' : ''
  if (rule === 'headroom') {
    const detail = alarms[0]?.detail
    return kind === 'cleared'
      ? 'There is enough room for recordings again.'
      : `Room for recordings is ${still}running out${detail ? `: ${detail}` : ''}.`
  }
  const [only] = cameras
  const who = cameras.length === 1 ? `${only}` : `${cameras.length} cameras`
  const be = cameras.length === 1 ? 'is' : 'are'
  const where = network === null || cameras.length === 1 ? '' : ` in ${network}`
  const names = cameras.length === 1 ? '' : ` (${listed(cameras)})`
  if (rule === 'not-recorded') {
    return kind === 'cleared'
      ? `${who}${where} ${be} recorded again${names}.`
      : `${who}${where} ${be} ${still}not recorded since ${since}${why(alarms)}${names}.`
  }
  return kind === 'cleared'
    ? `${who}${where} ${be} recorded well enough again${names}.`
    : `${who}${where} ${be} ${still}recorded too little${cameras.length === 1 ? why(alarms) : ''}${names}.`
}

/** The words that most of them have. */
function why(alarms: readonly RaisedAlarm[]): string {
  const counts = new Map<string, number>()
  for (const { detail, reason } of alarms) {
    const words = detail ?? reason
    if (words !== null) counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most === undefined ? '' : `: ${most[0]}`
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
