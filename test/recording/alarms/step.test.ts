import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupOf, networkOf } from '../../../src/recording/alarms/cause.ts'
import { type AlarmState, NO_ALARMS, raisedAlarms, stepAlarms } from '../../../src/recording/alarms/step.ts'
import type { AlarmMessage, CameraObservation, Observations } from '../../../src/recording/alarms/types.ts'

const SETTINGS = { notRecorded: 60_000, coverage: 99, headroom: 86_400_000, remind: 21_600_000, targets: [] }
const LOOK = 5_000
const START = 1_800_000_000_000

const camera = (id: string, over: Partial<CameraObservation> = {}): CameraObservation => ({
  camera: id,
  wanted: true,
  since: START - 86_400_000,
  lastRecorded: START,
  coverage: 100,
  reason: null,
  detail: null,
  host: '10.0.3.7',
  ...over,
})

/** Looks every five seconds from START on, for `seconds`; gives all that is told and the state in the end. */
function watch(
  seconds: number,
  observe: (at: number) => Observations,
  from: AlarmState = NO_ALARMS,
  settings = SETTINGS,
) {
  let state = from
  const messages: AlarmMessage[] = []
  for (let at = START; at <= START + seconds * 1_000; at += LOOK) {
    const step = stepAlarms(state, observe(at), settings, at)
    // What is stored and read again must be the same.
    state = { at: step.state.at, alarms: new Map(JSON.parse(JSON.stringify([...step.state.alarms]))) }
    messages.push(...step.messages)
  }
  return { messages, state }
}

const told = (messages: readonly AlarmMessage[]) =>
  messages.map(({ kind, rule, at, alarms }) => `${(at - START) / 1_000} ${kind} ${rule} ${alarms.length}`)

/** Of a camera that is recorded in the stretches `[from, to)` of seconds. */
const recordedIn =
  (...stretches: [number, number][]) =>
  (at: number) => {
    const now = (at - START) / 1_000
    const ends = stretches.filter(([from]) => from <= now).map(([, to]) => Math.min(to, now))
    return START + Math.max(-100_000, ...ends) * 1_000
  }

describe('stepAlarms', () => {
  it('is not kept back by what was noted while the clock was a year ahead', () => {
    const year = START + 365 * 86_400_000
    const ahead = [
      { lastRecorded: year },
      { lastRecorded: year, since: START - 60_000 },
      { lastRecorded: START - 1_000, since: year },
    ]
    for (const times of ahead) {
      const { messages } = watch(120, () => ({ cameras: [camera('a', times)], headroom: null }))
      expect(messages.map(({ kind }) => kind)).toEqual(['raised'])
    }
    // A camera whose clock runs quicker than ours ends its segments a little ahead of now.
    const quick = watch(300, at => ({ cameras: [camera('a', { lastRecorded: at + 2_000 })], headroom: null }))
    expect(quick.messages).toEqual([])
  })

  it('is silent while all is well', () => {
    const { messages, state } = watch(3_600, at => ({
      cameras: [camera('a', { lastRecorded: at - 2_000 })],
      headroom: 1e9,
    }))
    expect(messages).toEqual([])
    expect(state.alarms.size).toBe(0)
  })

  it('tells once that a camera is not recorded, and once that it is again', () => {
    const lastRecorded = recordedIn([0, 100], [1_000, 9_999])
    const { messages } = watch(4_000, at => ({
      cameras: [camera('a', { lastRecorded: lastRecorded(at), reason: 'refused' })],
      headroom: null,
    }))
    expect(told(messages)).toEqual(['180 raised not-recorded 1', '1070 cleared not-recorded 1'])
    expect(messages[0]!.alarms[0]).toMatchObject({ camera: 'a', since: START + 100_000, reason: 'refused' })
  })

  it('is one message for fifty cameras behind one dead switch, though they go silent one after the other', () => {
    const { messages } = watch(400, at => ({
      cameras: Array.from({ length: 52 }, (_, n) =>
        camera(`cam-${n}`, {
          lastRecorded: n < 50 ? Math.min(at, START + 100_000 + n * 150) : at,
          reason: n % 2 === 0 ? 'unreachable' : 'stalled',
          host: `10.0.3.${n}`,
        }),
      ),
      headroom: null,
    }))
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ kind: 'raised', network: '10.0.3.0/24' })
    expect(messages[0]!.alarms).toHaveLength(50)
  })

  it('keeps apart what has nothing in common, and joins what this machine did to all', () => {
    const observe = (reason: CameraObservation['reason']) => (at: number) => ({
      cameras: ['10.0.3.1', '10.0.4.1'].map(host =>
        camera(host, { host, reason, lastRecorded: Math.min(at, START + 50_000) }),
      ),
      headroom: null,
    })
    expect(watch(300, observe('unreachable')).messages).toHaveLength(2)
    expect(watch(300, observe('disk-full')).messages).toHaveLength(1)
  })

  it('reminds after hours, all of a cause together, and not of what is over', () => {
    const { messages } = watch(15 * 3_600, at => ({
      cameras: [1, 2].map(n => camera(`c${n}`, { lastRecorded: Math.min(at, START + n * 300_000) })),
      headroom: null,
    }))
    expect(told(messages).slice(2)).toEqual(['21980 reminder not-recorded 2', '43580 reminder not-recorded 2'])
    const never = watch(15 * 3_600, () => ({ cameras: [camera('a')], headroom: null }), NO_ALARMS, {
      ...SETTINGS,
      remind: 0,
    })
    expect(never.messages).toHaveLength(1)
  })

  it('does not tell of the hour what the outage told already', () => {
    const lastRecorded = recordedIn([0, 100], [400, 99_999])
    const coverage = (at: number) => (at > START + 200_000 && at < START + 4_000_000 ? 92 : 100)
    const { messages } = watch(6_000, at => ({
      cameras: [camera('a', { lastRecorded: lastRecorded(at), coverage: coverage(at) })],
      headroom: null,
    }))
    expect(told(messages).map(text => text.split(' ')[2])).toEqual(['not-recorded', 'not-recorded'])
  })

  it('tells of a camera that loses a little all the time', () => {
    const { messages } = watch(4_000, at => ({
      cameras: [camera('a', { lastRecorded: at, coverage: at < START + 1_000_000 ? 98.5 : 99.4 })],
      headroom: null,
    }))
    expect(told(messages)).toEqual(['15 raised coverage 1', '1310 cleared coverage 1'])
    expect(messages[0]!.alarms[0]!.detail).toBe('98.50 % of the last hour')
  })

  it('tells of headroom, and takes it back only with a margin', () => {
    const hours = (at: number) => (at < START + 1e6 ? 23 : at < START + 2e6 ? 24.5 : 40)
    const { messages } = watch(4_000, at => ({ cameras: [], headroom: hours(at) * 3_600_000 }))
    expect(told(messages)).toEqual(['15 raised headroom 1', '2310 cleared headroom 1'])
  })

  it('clears what nobody wants any more, and what is not there any more', () => {
    const observe = (gone: boolean) => (at: number) => ({
      cameras: at > START + 300_000 && gone ? [] : [camera('a', { wanted: at <= START + 300_000 })],
      headroom: null,
    })
    for (const gone of [true, false])
      expect(told(watch(600, observe(gone)).messages)).toEqual([
        '80 raised not-recorded 1',
        '375 cleared not-recorded 1',
      ])
  })

  it('waits for a camera that was only just wanted', () => {
    const since = START + 100_000
    const { messages } = watch(150, at => ({
      cameras: at < since ? [] : [camera('a', { since, lastRecorded: null })],
      headroom: null,
    }))
    expect(messages).toEqual([])
  })

  it('is not misled by a clock that is set', () => {
    let state = NO_ALARMS
    const messages: AlarmMessage[] = []
    const look = (at: number, lastRecorded: number) => {
      const step = stepAlarms(state, { cameras: [camera('a', { lastRecorded })], headroom: null }, SETTINGS, at)
      state = step.state
      messages.push(...step.messages)
    }
    // An hour forward: for one look the newest second is an hour old.
    look(START, START - 1_000)
    look(START + 3_600_000, START + 4_000)
    for (let n = 1; n < 20; n++) look(START + 3_600_000 + n * LOOK, START + 3_600_000 + n * LOOK - 1_000)
    expect(messages).toEqual([])
    // An hour back while an alarm waits: it is told within the minute all the same.
    const before = START + 10_000_000
    look(before, before - 61_000)
    look(before + LOOK, before - 61_000)
    for (let n = 0; n < 4; n++) look(before - 3_600_000 + n * LOOK, before - 3_600_000 - 100_000)
    expect(messages.map(({ kind }) => kind)).toEqual(['raised'])
  })

  it('whatever cameras do: raised and cleared take turns, lasting trouble is told, and nobody is flooded', () => {
    const stretch = fc.integer({ min: 5, max: 900 })
    const history = fc.array(fc.tuple(stretch, stretch), { minLength: 1, maxLength: 40 })
    const histories = fc.array(history, { minLength: 1, maxLength: 4 })
    const hours = 6
    fc.assert(
      fc.property(histories, lives => {
        const recorded = lives.map(life => {
          let at = 0
          return life.map(([on, off]): [number, number] => {
            at += on + off
            return [at - on - off, at - off]
          })
        })
        const lasts = recorded.map(stretches => recordedIn(...stretches))
        const { messages, state } = watch(hours * 3_600, at => ({
          cameras: lasts.map((last, n) => camera(`c${n}`, { lastRecorded: last(at), host: `10.0.${n}.1` })),
          headroom: null,
        }))
        lives.forEach((_, n) => {
          const own = messages
            .filter(({ alarms }) => alarms.some(alarm => alarm.camera === `c${n}`))
            .map(({ kind }) => kind)
          const turns = own.filter(kind => kind !== 'reminder')
          expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'raised' : 'cleared')))
          // Each return doubles the time that it must be well: seven times fit into six hours, and a few more on the way.
          expect(own.length).toBeLessThanOrEqual(20)
          const lastEnd = recorded[n]!.at(-1)![1]
          if (lastEnd < hours * 3_600 - 120) {
            expect(turns.at(-1)).toBe('raised')
            expect(raisedAlarms(state).some(alarm => alarm.camera === `c${n}` && alarm.told)).toBe(true)
          }
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('groupOf', () => {
  it('knows networks', () => {
    expect(networkOf('192.168.7.9')).toBe('192.168.7.0/24')
    expect(networkOf('[2001:db8::7]')).toBe('2001:db8:0:0::/64')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
    expect(networkOf('camera.local')).toBeNull()
    expect(networkOf(null)).toBeNull()
    expect(groupOf('not-recorded', 'stalled', '10.0.3.9')).toBe(groupOf('not-recorded', 'unreachable', '10.0.3.7'))
    expect(groupOf('not-recorded', 'refused', '10.0.3.9')).not.toBe(groupOf('not-recorded', 'unreachable', '10.0.3.9'))
  })
})
