import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDepacketizer, createPacketizer, PacketWriter } from '../../../src/wire/rtp/index.ts'
import type { H264Parameters } from '../../../src/wire/track.ts'
import { Collector, feed, nalsOf, track, unitOf } from './support.ts'

const parameters: H264Parameters = {
  codec: 'h264',
  sps: Buffer.from('6742c01fd9005005bb011000000300100000030320f1832480', 'hex'),
  pps: [Buffer.from('68cb8cb2', 'hex')],
}

/** NAL units of one picture: perhaps SEI, then slices; sizes around the limits of packets. */
const picture = fc.record({
  key: fc.boolean(),
  sei: fc.option(fc.integer({ min: 2, max: 60 })),
  slices: fc.array(fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 90, max: 4_000 })), {
    minLength: 1,
    maxLength: 4,
  }),
})

function bytesOf(shape: { key: boolean; sei: number | null; slices: number[] }): Buffer {
  const fill = (size: number, header: number, second: number) => {
    const nal = Buffer.alloc(size, 0x5a)
    nal[0] = header
    nal[1] = second
    return nal
  }
  const nals = shape.slices.map((size, index) => fill(size, shape.key ? 0x65 : 0x41, index === 0 ? 0x88 : 0x40))
  return unitOf(shape.sei === null ? nals : [fill(shape.sei, 0x06, 0x05), ...nals])
}

describe('H.264 packetise and depacketise', () => {
  it('gives back every access unit, its time and its key flag, and the parameter sets once', () => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 8 }), fc.integer({ min: 64, max: 1500 }), (shapes, payloadLimit) => {
        const packetizer = createPacketizer(track('h264'), parameters)
        const writer = new PacketWriter({ payloadType: 96, ssrc: 1, sequence: 65_530, payloadLimit })
        const sink = new Collector()
        const depacketizer = createDepacketizer(track('h264'), undefined, sink)
        shapes.forEach((shape, index) => {
          const unit = bytesOf(shape)
          packetizer.packetize(unit, 0, unit.length, index * 3_600 + 2 ** 32 - 7_200, shape.key, writer)
          const packets = writer.takePackets()
          for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(payloadLimit + 12)
          feed(depacketizer, packets)
        })
        expect(sink.damages).toEqual([])
        expect(sink.units.map(unit => nalsOf(unit.bytes))).toEqual(shapes.map(shape => nalsOf(bytesOf(shape))))
        expect(sink.units.map(unit => unit.key)).toEqual(shapes.map(shape => shape.key))
        expect(sink.units.map(unit => unit.timestamp)).toEqual(
          shapes.map((_, index) => (index * 3_600 + 2 ** 32 - 7_200) % 2 ** 32),
        )
        const changes = sink.units.filter(unit => unit.parameters)
        const firstKey = shapes.findIndex(shape => shape.key)
        expect(changes).toEqual(firstKey < 0 ? [] : [sink.units[firstKey]])
        if (firstKey >= 0) {
          const got = changes[0]!.parameters as H264Parameters
          expect(Buffer.from(got.sps).equals(parameters.sps)).toBe(true)
          expect(Buffer.from(got.pps[0]!).equals(parameters.pps[0]!)).toBe(true)
        }
      }),
    )
  })
})
