import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DROP, emptyRtpHeader, RtpReceiver } from '../../../src/wire/rtp/index.ts'

function receiver(clockRate = 90_000) {
  const watched = new RtpReceiver(clockRate)
  const header = emptyRtpHeader()
  const receive = (sequence: number, timestamp = 0, arrival = 0, ssrc = 7) =>
    watched.receive(Object.assign(header, { sequence: sequence & 0xffff, timestamp: timestamp >>> 0, ssrc }), arrival)
  return { watched, receive }
}

describe('RtpReceiver', () => {
  it('finds nothing missing in an unbroken run, through the wrap', () => {
    const { watched, receive } = receiver()
    for (let i = 0; i < 200; i++) expect(receive(65_500 + i)).toBe(0)
    expect(watched.report(0)).toMatchObject({ highestSequence: 65_699, cumulativeLost: 0, fractionLost: 0, ssrc: 7 })
    expect(watched).toMatchObject({ lost: 0, late: 0, duplicates: 0, restarts: 0, received: 200 })
  })

  it('says how many packets are missing, and drops doubled and late ones', () => {
    const { watched, receive } = receiver()
    receive(65_534)
    expect(receive(1)).toBe(2)
    expect(receive(1)).toBe(DROP)
    expect(receive(0)).toBe(DROP)
    expect(receive(0)).toBe(DROP)
    expect(receive(65_534)).toBe(DROP)
    expect(receive(2)).toBe(0)
    expect(watched).toMatchObject({ lost: 2, duplicates: 3, late: 1 })
  })

  it('counts in its report as RFC 3550 A.3 does', () => {
    const { watched, receive } = receiver()
    for (let i = 0; i < 100; i++) if (i % 4 !== 1) receive(i)
    expect(watched.report(0)).toMatchObject({ cumulativeLost: 25, fractionLost: 64 })
    for (let i = 100; i < 200; i++) receive(i)
    expect(watched.report(0)).toMatchObject({ cumulativeLost: 25, fractionLost: 0 })
    expect(watched.report(0), 'nothing since').toMatchObject({ fractionLost: 0 })
    receive(199)
    expect(watched.report(0), 'a doubled packet').toMatchObject({ cumulativeLost: 24, fractionLost: 0 })
  })

  it('sees a sender that began anew: another SSRC, or a jump of the sequence either way', () => {
    const { watched, receive } = receiver()
    receive(100)
    expect(receive(5_000, 0, 0, 8)).toBe(1)
    expect(watched).toMatchObject({ restarted: true, restarts: 1, ssrc: 8 })
    expect(receive(5_001, 0, 0, 8)).toBe(0)
    expect(watched.restarted).toBe(false)
    expect(receive(8_100, 0, 0, 8)).toBe(1)
    expect(receive(7_900, 0, 0, 8)).toBe(1)
    expect(watched.restarts).toBe(3)
    expect(watched.lost, 'what went missing in a restart is not known').toBe(0)
    expect(receive(7_901 + 2_999, 0, 0, 8)).toBe(2_999)
    expect(watched.restarts).toBe(3)
  })

  it('measures jitter as RFC 3550 A.8 does', () => {
    const { watched, receive } = receiver()
    // Frames of 40 ms that arrive alternately 10 ms early and late: every step of the transit time is 10 ms or -10 ms.
    for (let i = 0; i < 400; i++) receive(i, 2 ** 32 - 500_000 + i * 3_600, i * 40 + (i % 2) * 10)
    expect(watched.jitter).toBeGreaterThan(9.9)
    expect(watched.jitter).toBeLessThanOrEqual(10)
    expect(watched.report(0)!.jitter).toBe(Math.floor((watched.jitter * 90_000) / 1_000))
  })

  it('gives the sender report back with its delay', () => {
    const { watched, receive } = receiver()
    expect(watched.report(0)).toBeUndefined()
    receive(1)
    expect(watched.report(0)).toMatchObject({ lastSenderReport: 0, delaySinceSenderReport: 0 })
    watched.senderReport(0xcafe0001, 1_000)
    expect(watched.report(2_500)).toMatchObject({ lastSenderReport: 0xcafe0001, delaySinceSenderReport: 98_304 })
  })

  it('adds up for any order of packets: every one is used, dropped or missing', () => {
    const steps = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: -40, max: 60 })), { maxLength: 200 })
    fc.assert(
      fc.property(steps, fc.nat(0xffff), (moves, first) => {
        const { watched, receive } = receiver()
        const used = new Set<number>()
        let at = 70_000 + first
        let highest = at
        const feed = () => {
          const missing = receive(at)
          if (missing === DROP) return
          expect(at).toBe(used.size === 0 ? at : highest + 1 + missing)
          expect(used.has(at)).toBe(false)
          used.add(at)
          highest = at
        }
        feed()
        for (const move of moves) {
          at = Math.max(highest - 60, at + move)
          feed()
        }
        expect(watched.restarts).toBe(0)
        expect(used.size + watched.late + watched.duplicates).toBe(moves.length + 1)
        expect(used.size + watched.lost).toBe(highest - (70_000 + first) + 1)
      }),
    )
  })
})
