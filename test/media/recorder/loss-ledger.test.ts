import { describe, expect, it } from 'vitest'
import { type Gap, LossLedger } from '../../../src/media/recorder/loss-ledger.ts'

function ledger() {
  const gaps: Gap[] = []
  return { gaps, ledger: new LossLedger(gap => gaps.push(gap)) }
}

describe('LossLedger', () => {
  it('shares a gap out among its reasons, once the next frame is on disk', () => {
    const { gaps, ledger: losses } = ledger()
    losses.note(0, 'starting')
    losses.written(0, 1_000, false)
    losses.note(1_000, 'connection lost')
    losses.note(1_500, 'refused')
    losses.remains(2_000, 'refused')
    losses.note(9_000, '401 unauthorized')
    expect(gaps).toEqual([])
    expect(losses.totals(10_000)).toEqual({ 'connection lost': 0.5, refused: 7.5, '401 unauthorized': 1 })
    losses.written(12_000, 13_000, false)
    expect(losses.totals(99_000)).toEqual({ 'connection lost': 0.5, refused: 7.5, '401 unauthorized': 3 })
    expect(gaps).toEqual([
      { start: 1_000, end: 1_500, reason: 'connection lost' },
      { start: 1_500, end: 9_000, reason: 'refused' },
      { start: 9_000, end: 12_000, reason: '401 unauthorized' },
    ])
  })

  it('takes frames that waited and were dropped for lost from their own time on', () => {
    const { gaps, ledger: losses } = ledger()
    losses.written(0, 10_000, false)
    // The camera went at 20 s; what it had sent from 15 s on was dropped after that.
    losses.note(20_000, 'refused')
    losses.note(15_000, 'disk full')
    losses.written(10_000, 15_000, true)
    losses.written(30_000, 31_000, false)
    expect(gaps).toEqual([
      { start: 15_000, end: 20_000, reason: 'disk full' },
      { start: 20_000, end: 30_000, reason: 'refused' },
    ])
  })

  it('forgets a reason that did not come to pass', () => {
    const { gaps, ledger: losses } = ledger()
    losses.note(100, 'starting')
    // From before the recorder was there, out of the hub's memory.
    losses.written(0, 1_000, false)
    losses.written(1_000, 5_000, true)
    losses.note(5_200, 'disk full')
    losses.written(9_000, 9_500, false)
    expect(gaps).toEqual([{ start: 5_200, end: 9_000, reason: 'disk full' }])
  })

  it('counts a second loss for the reason of one that did not come to pass', () => {
    const { gaps, ledger: losses } = ledger()
    losses.note(0, 'disk full')
    losses.note(3_000, 'disk full')
    losses.note(2_500, 'disk full')
    losses.note(2_000, 'disk full')
    losses.written(0, 1_000, true)
    losses.written(1_000, 2_000, true)
    losses.written(9_000, 9_500, false)
    expect(gaps).toEqual([{ start: 2_000, end: 9_000, reason: 'disk full' }])
  })

  it('counts no jitter, and nothing that goes back in time', () => {
    const { gaps, ledger: losses } = ledger()
    losses.written(0, 1_000, false)
    losses.note(1_000, 'parameters')
    losses.written(1_040, 2_000, false)
    losses.note(2_000, 'reconnect')
    losses.written(500, 700, false)
    expect(gaps).toEqual([])
    expect(losses.totals(600)).toEqual({})
  })

  it('begins with the end of an earlier recording that was cut off', () => {
    const { gaps, ledger: losses } = ledger()
    losses.note(60_000, 'starting')
    losses.previous(57_000, 'worker restarted')
    losses.written(61_000, 62_000, false)
    losses.previous(10_000, 'worker restarted')
    expect(gaps).toEqual([
      { start: 57_000, end: 60_000, reason: 'worker restarted' },
      { start: 60_000, end: 61_000, reason: 'starting' },
    ])
  })

  it('is bounded, whatever the reasons', () => {
    const { ledger: losses } = ledger()
    for (let index = 0; index < 1_000; index++) {
      losses.written(index * 10_000, index * 10_000 + 1_000, false)
      losses.note(index * 10_000 + 1_000, `reason ${index}`)
    }
    const totals = losses.totals(10_000_000)
    expect(Object.keys(totals).length).toBeLessThanOrEqual(101)
    expect(Object.values(totals).reduce((a, b) => a + b)).toBeCloseTo(9_000)
  })
})
