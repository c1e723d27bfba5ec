import type { AlarmsConfig } from '../../config/types.ts'
import type { GapReason } from '../types.ts'
import { groupOf, networkOf } from './cause.ts'
import { type Condition, conditionsOf } from './conditions.ts'
import type { AlarmMessage, AlarmRule, Observations, RaisedAlarm } from './types.ts'

/** Milliseconds that alarms of one cause wait for more of them, after the last and after the first. */
const WINDOW = 10_000
const LONGEST_WINDOW = 30_000
/** Milliseconds that all must be well before an alarm is cleared; twice as long with each time it came back, up to an hour. */
const CALM: Readonly<Record<AlarmRule, number>> = { 'not-recorded': 60_000, coverage: 300_000, headroom: 300_000 }
const LONGEST_CALM = 3_600_000
/** Milliseconds after which it is forgotten that an alarm was there. */
const MEMORY = 3_600_000
/** A clock that goes back by more than this many milliseconds was set. */
const SET_BACK = 1_000

/**
 * `suspect`: seen once. `raising`: seen twice, waits for more of its cause. `raised`: told. `clearing`: over, waits for others.
 * `over`: remembered, so that an alarm which comes and goes is told less and less.
 */
type Phase = 'suspect' | 'raising' | 'raised' | 'clearing' | 'over'

/** One alarm's life; plain data, so that it can be stored. Times are wall-clock milliseconds. */
export interface Alarm {
  readonly rule: AlarmRule
  readonly camera: string | null
  readonly group: string
  readonly phase: Phase
  /** When it came into its phase. */
  readonly at: number
  readonly since: number
  readonly reason: GapReason | null
  readonly detail: string | null
  readonly host: string | null
  readonly toldAt: number
  /** Since when all is well; null while it is not. */
  readonly goodSince: number | null
  readonly returns: number
}

export interface AlarmState {
  /** Time of the last look. */
  readonly at: number
  readonly alarms: ReadonlyMap<string, Alarm>
}

export const NO_ALARMS: AlarmState = { at: 0, alarms: new Map() }

/**
 * What alarms become by what is observed at `now` (wall-clock milliseconds), and what is to be told. Raised and cleared are told
 * once each, cameras of one cause together; nothing is repeated but reminders.
 */
export function stepAlarms(
  before: AlarmState,
  observed: Observations,
  settings: AlarmsConfig,
  now: number,
): { readonly state: AlarmState; readonly messages: readonly AlarmMessage[] } {
  const past = now < before.at - SET_BACK ? moved(before.alarms, now - before.at) : before.alarms
  const alarms = new Map<string, Alarm>()
  const conditions = new Map(conditionsOf(observed, settings, now).map(condition => [condition.key, condition]))
  for (const [key, condition] of conditions) {
    const next = advance(past.get(key), condition, now, explained(past, condition))
    if (next) alarms.set(key, next)
  }
  // A camera that is gone, or a rule that is switched off, is in order.
  for (const [key, alarm] of past) {
    if (conditions.has(key)) continue
    const next = advance(alarm, { ...alarm, key, state: 'good' }, now, false)
    if (next) alarms.set(key, next)
  }
  const messages = tell(alarms, settings, now)
  return { state: { at: now, alarms }, messages }
}

/** Alarms that somebody was told of, or is about to be, in order of time. */
export function raisedAlarms({ alarms }: AlarmState): RaisedAlarm[] {
  return [...alarms.values()]
    .filter(({ phase }) => phase === 'raising' || phase === 'raised')
    .map(shown)
    .sort((a, b) => a.since - b.since)
}

/** What is missing of a camera's hour has been told already by the alarm that it was not recorded. */
function explained(alarms: ReadonlyMap<string, Alarm>, { rule, camera }: Condition): boolean {
  const other = rule === 'coverage' ? alarms.get(`not-recorded ${camera}`) : undefined
  return other !== undefined && other.phase !== 'suspect'
}

function advance(alarm: Alarm | undefined, condition: Condition, now: number, isExplained: boolean): Alarm | undefined {
  const { state } = condition
  const bad = state === 'bad' && !(isExplained && alarm?.phase !== 'raised')
  if (!alarm) return bad ? begun(condition, 'suspect', now, 0) : undefined
  if (state === 'unknown') return alarm
  switch (alarm.phase) {
    case 'suspect':
      // One look may fall on the moment in which a clock was set.
      if (!bad) return alarm.returns > 0 ? { ...alarm, phase: 'over', at: now } : undefined
      return begun(condition, 'raising', now, alarm.returns)
    case 'raising':
      // It is told also when it is over by then: a camera that comes for seconds between its outages must not keep it back.
      return { ...alarm, goodSince: bad ? null : (alarm.goodSince ?? now) }
    case 'raised': {
      if (bad) return { ...alarm, goodSince: null, detail: condition.detail, reason: condition.reason }
      const goodSince = alarm.goodSince ?? now
      const calm = Math.min(LONGEST_CALM, CALM[alarm.rule] * 2 ** alarm.returns)
      if (now - goodSince < calm) return { ...alarm, goodSince }
      return { ...alarm, phase: 'clearing', at: now, goodSince }
    }
    case 'clearing':
      return bad ? { ...alarm, phase: 'raised', goodSince: null, returns: alarm.returns + 1 } : alarm
    case 'over':
      if (bad) return begun(condition, 'suspect', now, alarm.returns)
      return now - alarm.at > MEMORY ? undefined : alarm
  }
}

function begun(condition: Condition, phase: Phase, now: number, returns: number): Alarm {
  const { rule, camera, since, reason, detail, host } = condition
  const group = groupOf(rule, reason, host)
  return { rule, camera, group, phase, at: now, since, reason, detail, host, toldAt: 0, goodSince: null, returns }
}

/** The messages that are due; moves the alarms in them on. */
function tell(alarms: Map<string, Alarm>, { remind }: AlarmsConfig, now: number): AlarmMessage[] {
  const messages: AlarmMessage[] = []
  for (const phase of ['clearing', 'raising'] as const) {
    for (const group of byGroup(alarms, alarm => alarm.phase === phase)) {
      const times = group.map(([, { at }]) => at)
      const waits = now - Math.max(...times) < WINDOW && now - Math.min(...times) < LONGEST_WINDOW
      if (waits) continue
      messages.push(message(phase === 'raising' ? 'raised' : 'cleared', group, now))
      for (const [key, alarm] of group)
        alarms.set(
          key,
          phase === 'raising'
            ? { ...alarm, phase: 'raised', at: now, toldAt: now }
            : { ...alarm, phase: 'over', at: now, returns: alarm.returns + 1 },
        )
    }
  }
  for (const group of byGroup(alarms, alarm => alarm.phase === 'raised')) {
    if (remind === 0 || group.every(([, { toldAt }]) => now - toldAt < remind)) continue
    messages.push(message('reminder', group, now))
    for (const [key, alarm] of group) alarms.set(key, { ...alarm, toldAt: now })
  }
  return messages
}

function byGroup(alarms: ReadonlyMap<string, Alarm>, choose: (alarm: Alarm) => boolean): [string, Alarm][][] {
  const groups = new Map<string, [string, Alarm][]>()
  for (const entry of alarms) {
    if (!choose(entry[1])) continue
    const { group } = entry[1]
    const others = groups.get(group)
    if (others) others.push(entry)
    else groups.set(group, [entry])
  }
  return [...groups.values()]
}

function message(kind: AlarmMessage['kind'], group: readonly [string, Alarm][], now: number): AlarmMessage {
  const alarms = group.map(([, alarm]) => shown(alarm))
  const networks = new Set(alarms.map(({ host }) => networkOf(host)))
  const [network = null] = networks.size === 1 ? networks : []
  return { kind, rule: group[0]![1].rule, at: now, network, alarms }
}

function shown({ rule, camera, since, reason, detail, host, phase }: Alarm): RaisedAlarm {
  return { rule, camera, since, told: phase === 'raised' || phase === 'clearing', reason, detail, host }
}

/** All times by `shift`: the clock was set back, and what was to last a minute must not last an hour. */
function moved(alarms: ReadonlyMap<string, Alarm>, shift: number): Map<string, Alarm> {
  const move = (at: number) => at + shift
  return new Map(
    [...alarms].map(([key, alarm]) => {
      const { at, since, toldAt, goodSince } = alarm
      return [
        key,
        {
          ...alarm,
          at: move(at),
          since: move(since),
          toldAt: move(toldAt),
          goodSince: goodSince === null ? null : move(goodSince),
        },
      ]
    }),
  )
}
