import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UdpPacer } from '../../../src/media/rtsp-server/udp-pacer.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** `count` packets of `size` bytes behind interleaved headers, each marked by its number. */
function packets(first: number, count: number, size: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      const packet = Buffer.alloc(4 + size)
      packet[0] = 0x24
      packet.writeUInt16BE(size, 2)
      packet.writeUInt32BE(first + i, 4)
      return packet
    }),
  )
}

describe('the pacer', () => {
  it('sends ordinary frames at once', () => {
    const sent: number[] = []
    const pacer = new UdpPacer(new FakeClock(), (bytes, at) => sent.push(bytes.readUInt32BE(at + 4)))
    pacer.send(packets(0, 50, 1_400))
    expect(sent.length).toBe(50)
    expect(pacer.pending).toBe(0)
  })

  it('spreads a burst: 64 Mbps, in order, from its own copy, and stops its timer', () => {
    const clock = new FakeClock()
    const sent: number[] = []
    const pacer = new UdpPacer(clock, (bytes, at) => sent.push(bytes.readUInt32BE(at + 4)))
    const burst = packets(0, 1_000, 1_400)
    pacer.send(burst)
    burst.fill(0)
    pacer.send(packets(1_000, 1, 100))
    expect(sent.length).toBeLessThan(100)
    clock.advance(100)
    expect(sent.length).toBeGreaterThan(500)
    expect(sent.length).toBeLessThan(700)
    clock.advance(100)
    expect(sent).toEqual(Array.from({ length: 1_001 }, (_, i) => i))
    expect(pacer.pending).toBe(0)
    expect(clock.delays).toEqual([])
  })

  it('loses nothing and keeps the order, whatever is sent when', () => {
    const step = fc.record({ count: fc.nat(300), size: fc.integer({ min: 4, max: 1_500 }), wait: fc.nat(30) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const clock = new FakeClock()
        const sent: number[] = []
        const pacer = new UdpPacer(clock, (bytes, at) => sent.push(bytes.readUInt32BE(at + 4)))
        let number = 0
        for (const { count, size, wait } of steps) {
          pacer.send(packets(number, count, size))
          number += count
          clock.advance(wait)
        }
        clock.advance(60_000)
        expect(sent).toEqual(Array.from({ length: number }, (_, i) => i))
      }),
      { numRuns: 30 },
    )
  })

  it('gives up what waits when it is closed', () => {
    const clock = new FakeClock()
    let sent = 0
    const pacer = new UdpPacer(clock, () => sent++)
    pacer.send(packets(0, 1_000, 1_400))
    const before = sent
    pacer.close()
    clock.advance(1_000)
    expect(sent).toBe(before)
    expect(pacer.pending).toBe(0)
  })
})
