import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacketizer, H265Depacketizer, PacketWriter } from '../../../src/wire/rtp/index.ts'
import type { H265Parameters } from '../../../src/wire/track.ts'
import { Collector, feed, nalsOf, track, unitOf } from './support.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const VPS = '40010c01ffff016000000300900000030000030078959409'
const SPS = '420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000f04'
const PPS = '4401c073c189'
const IDR = '2801ac21044310'
const CRA = '2a01ac21044310'
const P = '0201d009788108'
/** Second slice segment: first_slice_segment_in_pic_flag is 0. */
const P2 = '02015009788108'
const SEI = '4e01050102'

const parameters: H265Parameters = { codec: 'h265', vps: hex(VPS), sps: hex(SPS), pps: [hex(PPS)] }

function play(
  steps: readonly (readonly [timestamp: number, payload: string, flags?: string])[],
  known?: H265Parameters,
) {
  const sink = new Collector()
  const depacketizer = new H265Depacketizer(sink, known)
  for (const [timestamp, payload, flags = ''] of steps) {
    const bytes = hex(payload)
    depacketizer.push(bytes, 0, bytes.length, timestamp, flags.includes('m'), flags.includes('l'))
  }
  depacketizer.flush()
  return {
    units: sink.units.map(unit => [unit.timestamp, ...nalsOf(unit.bytes)]),
    parameters: sink.units.map(unit => unit.parameters as H265Parameters | undefined),
    keys: sink.units.map(unit => unit.key),
    damages: sink.damages,
  }
}

const sets = (given: H265Parameters | undefined) =>
  given && [given.vps, given.sps, ...given.pps].map(set => Buffer.from(set).toString('hex'))

const length = (nal: string) => (nal.length / 2).toString(16).padStart(4, '0')

describe('H.265 depacketizer', () => {
  const group = (timestamp: number) =>
    [
      [timestamp, `6001${[VPS, SPS, PPS, SEI].map(nal => length(nal) + nal).join('')}`],
      [timestamp, '620193 ac21'],
      [timestamp, '620113 0443'],
      [timestamp, '620153 10', 'm'],
    ] as const

  it('takes aggregation packets and fragmentation units; drops delimiters, keeps SEI, sets parameter sets apart', () => {
    const played = play([[0, '460150'], ...group(0), [3600, P], [3600, P2, 'm'], ...group(7200)])
    expect(played.units).toEqual([
      [0, SEI, '2601ac21044310'],
      [3600, P, P2],
      [7200, SEI, '2601ac21044310'],
    ])
    expect(played.keys).toEqual([true, false, true])
    expect(played.parameters.map(sets)).toEqual([[VPS, SPS, PPS], undefined, undefined])
    expect(played.damages).toEqual([])
    expect(play([...group(0)], parameters).parameters).toEqual([undefined])
  })

  it('takes a parameter set in fragments and all of them in one NAL unit with start codes', () => {
    const fragments = play([
      [0, VPS],
      [0, `6201a1${SPS.slice(4, 30)}`],
      [0, `620161${SPS.slice(30)}`],
      [0, PPS],
      [0, IDR, 'm'],
    ])
    expect(fragments.parameters.map(sets)).toEqual([[VPS, SPS, PPS]])
    const one = play([[0, `${VPS}00000001${SPS}000001${PPS}00000001${IDR}`, 'm']])
    expect(one.parameters.map(sets)).toEqual([[VPS, SPS, PPS]])
    expect(one.units).toEqual([[0, IDR]])
    const apart = play([VPS, SPS, PPS, IDR].map(nal => [0, `00000001${nal}`, nal === IDR ? 'm' : ''] as const))
    expect(apart).toMatchObject({ units: [[0, IDR]], keys: [true], damages: [] })
    expect(apart.parameters.map(sets)).toEqual([[VPS, SPS, PPS]])
  })

  it('tells new parameters when one of the sets changes', () => {
    const otherPps = '4401c172b02240'
    const steps = [
      [0, IDR, 'm'],
      [1, VPS],
      [1, SPS],
      [1, otherPps],
      [1, IDR, 'm'],
      [2, PPS],
      [2, IDR, 'm'],
    ] as const
    // pps_pic_parameter_set_id 0 in both: the bits differ further on.
    expect(play(steps, parameters).parameters.map(given => given !== undefined)).toEqual([false, true, true])
  })

  it('can start at IDR, CRA and BLA pictures', () => {
    const kinds = [16, 17, 18, 19, 20, 21, 0, 1, 8, 9]
    const steps = kinds.map(
      (kind, index) => [index, `${(kind << 1).toString(16).padStart(2, '0')}01ac21`, 'm'] as const,
    )
    expect(play(steps).keys).toEqual(kinds.map(kind => kind >= 16))
    expect(play([[0, CRA, 'm']]).keys).toEqual([true])
  })

  it('discards pictures that lost something', () => {
    const played = play([
      [0, P, 'm'],
      [1, '620181 d009'],
      [1, '620141 88', 'ml'],
      [2, P2, 'ml'],
      [3, P, 'm'],
    ])
    expect(played.units).toEqual([
      [0, P],
      [3, P],
    ])
    expect(played.damages).toEqual(['packets lost', 'packets lost'])
  })

  it.each([
    ['a PACI packet', '6401 0000 00'],
    ['two bytes', '0201'],
    ['a fragment of three bytes', '620181'],
    ['a fragment without a beginning', '620141 8800'],
    ['a fragment of an aggregation', '6201b0 8800'],
    ['an aggregation with a false length', '6001 00ff 0201d0'],
  ])('counts %s as damage and goes on', (_, payload) => {
    const played = play([
      [0, P, 'm'],
      [1, payload, 'm'],
      [2, P, 'm'],
    ])
    expect(played.units.map(([timestamp]) => timestamp)).toEqual([0, 2])
    expect(played.damages).toHaveLength(1)
  })

  it('survives any payloads', () => {
    const payload = fc
      .tuple(
        fc.constantFrom(0x62, 0x60, 0x26, 0x02, 0x40, 0x42, 0x44, 0x4e),
        fc.nat(255),
        fc.uint8Array({ maxLength: 60 }),
      )
      .map(([first, third, rest]) => Uint8Array.of(first, 1, third, ...rest))
    fc.assert(
      fc.property(fc.array(fc.tuple(payload, fc.nat(1), fc.boolean(), fc.nat(9)), { maxLength: 60 }), packets => {
        const sink = new Collector()
        const depacketizer = new H265Depacketizer(sink)
        let timestamp = 0
        for (const [bytes, step, marker, lost] of packets) {
          timestamp += step
          depacketizer.push(bytes, 0, bytes.length, timestamp, marker, lost === 0)
        }
        depacketizer.flush()
        for (const { bytes } of sink.units) {
          expect(nalsOf(bytes).reduce((sum, nal) => sum + 4 + nal.length / 2, 0)).toBe(bytes.length)
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('H.265 packetise and depacketise', () => {
  it('gives back every access unit, and the parameter sets once', () => {
    const picture = fc.record({
      key: fc.boolean(),
      sizes: fc.array(fc.oneof(fc.integer({ min: 4, max: 300 }), fc.integer({ min: 90, max: 3_000 })), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    fc.assert(
      fc.property(
        fc.array(picture, { maxLength: 6 }),
        fc.integer({ min: 64, max: 1_500 }),
        (pictures, payloadLimit) => {
          const units = pictures.map(({ key, sizes }) =>
            unitOf(
              sizes.map((size, index) => {
                const nal = Buffer.alloc(size, 0x5a)
                nal.set([key ? 0x26 : 0x02, 0x01, index === 0 ? 0x80 : 0x40])
                return nal
              }),
            ),
          )
          const packetizer = createPacketizer(track('h265'), parameters)
          const writer = new PacketWriter({ payloadType: 98, ssrc: 1, sequence: 0, payloadLimit })
          const sink = new Collector()
          const depacketizer = new H265Depacketizer(sink)
          units.forEach((unit, index) => {
            packetizer.packetize(unit, 0, unit.length, index * 3_000, pictures[index]!.key, writer)
            const packets = writer.takePackets()
            for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(payloadLimit + 12)
            feed(depacketizer, packets)
          })
          expect(sink.damages).toEqual([])
          expect(sink.units.map(unit => unit.bytes.toString('hex'))).toEqual(units.map(unit => unit.toString('hex')))
          expect(sink.units.map(unit => unit.key)).toEqual(pictures.map(({ key }) => key))
          const told = sink.units.flatMap(unit => (unit.parameters ? [sets(unit.parameters as H265Parameters)] : []))
          expect(told).toEqual(pictures.some(({ key }) => key) ? [[VPS, SPS, PPS]] : [])
        },
      ),
    )
  })
})
