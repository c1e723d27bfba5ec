import { describe, expect, it } from 'vitest'
import { messageText } from '../../../src/recording/alarms/text.ts'
import type { AlarmMessage, RaisedAlarm } from '../../../src/recording/alarms/types.ts'

const since = Date.parse('2026-11-24T13:02:07Z')
const alarm = (camera: string | null, over: Partial<RaisedAlarm> = {}): RaisedAlarm => ({
  rule: 'not-recorded',
  camera,
  since,
  told: true,
  reason: 'unreachable',
  detail: null,
  host: null,
  ...over,
})
const text = (over: Partial<AlarmMessage>) =>
  messageText(
    { kind: 'raised', rule: 'not-recorded', at: since, network: null, alarms: [alarm('gate-1')], ...over },
    'Europe/Paris',
  )

describe('messageText', () => {
  it('is one sentence', () => {
    const fifty = Array.from({ length: 50 }, (_, n) => alarm(`c${n}`, { since: since + n * 100 }))
    expect(text({})).toBe('gate-1 is not recorded since 2026-11-24 14:02:07: unreachable.')
    expect(text({ kind: 'reminder' })).toBe('gate-1 is still not recorded since 2026-11-24 14:02:07: unreachable.')
    expect(text({ network: '10.0.3.0/24', alarms: fifty })).toBe(
      '50 cameras in 10.0.3.0/24 are not recorded since 2026-11-24 14:02:07: unreachable (c0, c1, c2, c3, c4 and 45 more).',
    )
    expect(text({ kind: 'cleared', alarms: fifty.slice(0, 2) })).toBe('2 cameras are recorded again (c0, c1).')
    const hour = [alarm('a', { detail: '98.50 % of the last hour' })]
    expect(text({ rule: 'coverage', alarms: hour })).toBe('a is recorded too little: 98.50 % of the last hour.')
    const room = [alarm(null, { detail: '3.2 h until the disk is full' })]
    expect(text({ rule: 'headroom', alarms: room })).toBe(
      'Room for recordings is running out: 3.2 h until the disk is full.',
    )
    expect(text({ kind: 'test', rule: null, alarms: [] })).toBe('This is a test of the alarms. Nothing is wrong.')
  })
})
