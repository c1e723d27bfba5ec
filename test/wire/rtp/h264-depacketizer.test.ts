import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../../src/media/memory/frame-writer.ts'
import { SlabPool } from '../../../src/media/memory/slab.ts'
import { H264Depacketizer, H264Packetizer, PacketWriter } from '../../../src/wire/rtp/index.ts'
import type { H264Parameters } from '../../../src/wire/track.ts'
import { Collector, nalsOf, unitOf } from './support.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const SPS = '6742c01fd9005005bb011000000300100000030320f1832480'
const OTHER_SPS = '6742c01ed900a02ff970110000030001000003003c0f162e48'
const PPS = '68cb8cb2'
const OTHER_PPS = '68ce3c80'
const SEI = '0605010280'
const IDR = '65888400ffee'
const P = '419a2233'
/** Second slice of a picture: first_mb_in_slice is not 0. */
const P2 = '414a2233'

/** Pushes payloads given in hex; `m` behind one sets the marker bit, `l` says that packets are lost before it. */
function play(
  steps: readonly (readonly [timestamp: number, payload: string, flags?: string])[],
  known?: H264Parameters,
) {
  const sink = new Collector()
  const depacketizer = new H264Depacketizer(sink, known)
  for (const [timestamp, payload, flags = ''] of steps) {
    const bytes = hex(payload)
    depacketizer.push(bytes, 0, bytes.length, timestamp, flags.includes('m'), flags.includes('l'))
  }
  depacketizer.flush()
  const units = sink.units.map(unit => [unit.timestamp, ...nalsOf(unit.bytes)])
  const parameters = sink.units.map(unit => unit.parameters as H264Parameters | undefined)
  return { sink, units, parameters, keys: sink.units.map(unit => unit.key), damages: sink.damages }
}

/** The parameters in hex. */
const sets = (parameters: H264Parameters | undefined) =>
  parameters && [parameters.sps, ...parameters.pps].map(set => Buffer.from(set).toString('hex'))

describe('H.264 depacketizer', () => {
  it('takes single NAL units, STAP-A and FU-A; drops delimiters, keeps SEI, sets parameter sets apart', () => {
    const { units, keys, parameters, damages } = play([
      [0, '0910'],
      [0, `780019${SPS}0004${PPS}0005${SEI}`],
      [0, '7c85 8884'],
      [0, '7c05 00ff'],
      [0, '7c45 ee', 'm'],
      [3600, P, 'm'],
    ])
    expect(units).toEqual([
      [0, SEI, IDR],
      [3600, P],
    ])
    expect(keys).toEqual([true, false])
    expect(parameters.map(sets)).toEqual([[SPS, PPS], undefined])
    expect(damages).toEqual([])
  })

  it('takes parameter sets that come in fragments, and that come with zeros behind them', () => {
    const { parameters, units } = play([
      [0, `7c87${SPS.slice(2, 20)}`],
      [0, `7c47${SPS.slice(20)}`],
      [0, `${PPS}0000`],
      [0, IDR, 'm'],
    ])
    expect(parameters.map(sets)).toEqual([[SPS, PPS]])
    expect(units).toEqual([[0, IDR]])
  })

  it('takes parameter sets and picture in one NAL unit with start codes in between', () => {
    const whole = `${SPS}00000001${PPS}000001${SEI}00000001${IDR}`
    const single = play([[0, whole, 'm']])
    expect(single.units).toEqual([[0, SEI, IDR]])
    expect(single.keys).toEqual([true])
    expect(single.parameters.map(sets)).toEqual([[SPS, PPS]])
    const fragments = play([
      [0, `7c87${whole.slice(2, 30)}`],
      [0, `7c07${whole.slice(30, 70)}`],
      [0, `7c47${whole.slice(70)}`, 'm'],
    ])
    expect(fragments.units).toEqual(single.units)
    expect(fragments.parameters.map(sets)).toEqual([[SPS, PPS]])
  })

  it('takes packets that begin with a start code, and survives one that has nothing behind it', () => {
    const { units, parameters, keys, damages } = play([
      [0, `00000001${SPS}`],
      [0, `000001${PPS}`],
      [0, `00000001${IDR}`, 'm'],
      [3600, `00000001${P}00000001${P2}`, 'm'],
      [7200, '00000001', 'm'],
      [7200, P, 'm'],
      [10800, '0000', 'm'],
    ])
    expect(units).toEqual([
      [0, IDR],
      [3600, P, P2],
      [7200, P],
    ])
    expect(keys).toEqual([true, false, false])
    expect(parameters.map(sets)).toEqual([[SPS, PPS], undefined, undefined])
    expect(damages).toEqual(['packet type 0 is not supported'])
    // A fragment that was never ended stays what it is: the next NAL unit does not become part of it.
    const open = play([
      [0, SPS],
      [0, PPS],
      [0, '7c858884'],
      [0, `00000001${SEI}`, 'm'],
    ])
    expect(open.units).toEqual([[0, '658884', SEI]])
  })

  it('tells parameters once, tells those of the session description not at all, and tells a change', () => {
    const group = (timestamp: number, sps: string, pps: string) =>
      [
        [timestamp, sps],
        [timestamp, pps],
        [timestamp, IDR, 'm'],
      ] as const
    const known: H264Parameters = { codec: 'h264', sps: hex(SPS), pps: [hex(PPS)] }
    const steps = [
      ...group(0, SPS, PPS),
      ...group(1, SPS, PPS),
      ...group(2, OTHER_SPS, OTHER_PPS),
      ...group(3, SPS, PPS),
    ]
    expect(play(steps).parameters.map(sets)).toEqual([[SPS, PPS], undefined, [OTHER_SPS, OTHER_PPS], [SPS, PPS]])
    expect(play(steps, known).parameters.map(sets)).toEqual([undefined, undefined, [OTHER_SPS, OTHER_PPS], [SPS, PPS]])
  })

  it('does not waver between two SPS of other ids that both come with each key frame', () => {
    // The second has seq_parameter_set_id 1; the PPS refers to 0.
    const second = `6742c01f5b${SPS.slice(10)}`
    const group = (timestamp: number) =>
      [
        [timestamp, SPS],
        [timestamp, second],
        [timestamp, PPS],
        [timestamp, IDR, 'm'],
      ] as const
    expect(play([...group(0), ...group(1), ...group(2)]).parameters.map(sets)).toEqual([
      [SPS, PPS],
      undefined,
      undefined,
    ])
  })

  it('keeps new parameters for the next picture when their own was lost', () => {
    const { parameters, units } = play([
      [0, SPS],
      [0, PPS],
      [0, '7c85 8884'],
      [0, '7c45 ee', 'ml'],
      [3600, P, 'm'],
    ])
    expect(units).toEqual([[3600, P]])
    expect(parameters.map(sets)).toEqual([[SPS, PPS]])
  })

  it('ends a unit by the timestamp where the marker bit is missing, and the last one with the stream', () => {
    const { units, damages } = play([
      [0, IDR],
      [3600, P],
      [3600, P2],
      [7200, P],
    ])
    expect(units).toEqual([
      [0, IDR],
      [3600, P, P2],
      [7200, P],
    ])
    expect(damages).toEqual([])
  })

  it('holds SEI and parameter sets that come with a marker bit or a time of their own for their picture', () => {
    const { units, parameters } = play([
      [0, SPS, 'm'],
      [1, PPS, 'm'],
      [2, SEI],
      [3600, IDR, 'm'],
    ])
    expect(units).toEqual([[3600, SEI, IDR]])
    expect(parameters.map(sets)).toEqual([[SPS, PPS]])
  })

  it('learns that a camera sets the marker bit at each slice', () => {
    const { units, damages } = play([
      [0, IDR, 'm'],
      [3600, P, 'm'],
      [3600, P2, 'm'],
      [7200, P, 'm'],
      [7200, P2, 'm'],
      [10_800, P, 'm'],
      [10_800, P2, 'm'],
    ])
    expect(damages).toEqual(['marker bit inside a picture'])
    expect(units).toEqual([
      [0, IDR],
      [3600, P],
      [7200, P, P2],
      [10_800, P, P2],
    ])
  })

  describe('lost packets', () => {
    const cases: [string, Parameters<typeof play>[0], unknown][] = [
      [
        'inside a fragmented NAL unit',
        [
          [0, '7c85 88'],
          [0, '7c45 ee', 'ml'],
        ],
        [],
      ],
      [
        'the end of a fragmented NAL unit',
        [
          [0, '7c85 88'],
          [3600, P, 'ml'],
        ],
        [[3600, P]],
      ],
      [
        'a slice in the middle',
        [
          [0, P],
          [0, P2, 'ml'],
        ],
        [],
      ],
      [
        'the tail of a picture',
        [
          [0, P],
          [3600, P, 'ml'],
        ],
        [[3600, P]],
      ],
      [
        'the head of a picture, ended before',
        [
          [0, P, 'm'],
          [3600, P2, 'ml'],
        ],
        [[0, P]],
      ],
      [
        'the head of a picture, SEI in doubt',
        [
          [0, P, 'm'],
          [3600, SEI, 'l'],
          [3600, P2, 'm'],
        ],
        [[0, P]],
      ],
      [
        'a whole picture',
        [
          [0, P, 'm'],
          [7200, P, 'ml'],
        ],
        [
          [0, P],
          [7200, P],
        ],
      ],
      [
        'all but the last fragment',
        [
          [0, P, 'm'],
          [3600, '7c45 ee', 'ml'],
          [7200, P, 'm'],
        ],
        [
          [0, P],
          [7200, P],
        ],
      ],
    ]
    it.each(cases)('%s', (_, steps, expected) => {
      const first = [[-1 >>> 0, P, 'm']] as const
      expect(play([...first, ...steps]).units.slice(1)).toEqual(expected)
    })
  })

  it('does not begin in the middle of a picture when it joins', () => {
    const { units, damages } = play([
      [0, P2],
      [0, P2, 'm'],
      [3600, P, 'm'],
    ])
    expect(units).toEqual([[3600, P]])
    expect(damages).toEqual(['packets lost'])
  })

  it('takes what came for the whole when a sender leaves out the end bit, but not at the end of the stream', () => {
    const { units } = play([
      [0, '7c85 8884'],
      [0, '7c05 00ff', 'm'],
      [3600, '5c81 9a'],
      [3600, '5c01 22'],
      [3600, '5c81 4a'],
      [3600, '5c41 22', 'm'],
    ])
    expect(units).toEqual([
      [0, '65888400ff'],
      [3600, '419a22', '414a22'],
    ])
    const cut = play([
      [0, P, 'm'],
      [3600, '7c85 8884'],
    ])
    expect(cut.units).toEqual([[0, P]])
    expect(cut.damages).toEqual(['stream ended inside a picture'])
  })

  it.each([
    ['STAP-B', '79 0000 0002 4188'],
    ['MTAP16', '7a 0000 0005 00 0000 4188'],
    ['FU-B', '7d81 0000 88'],
    ['type 0', '60 88'],
    ['type 31', '7f 88'],
    ['an aggregation with a false length', `78 00ff ${P}`],
    ['a fragment of two bytes', '7c85'],
    ['a fragment without a beginning', '7c45 88'],
    ['a fragment of a fragment', '7c9c 88'],
    ['an aggregation in an aggregation', `78 0005 78 0002 4188`],
  ])('counts %s as damage and goes on', (_, payload) => {
    const { units, damages } = play([
      [0, P, 'm'],
      [3600, payload, 'm'],
      [7200, P, 'm'],
    ])
    expect(units.map(([timestamp]) => timestamp)).toEqual([0, 7200])
    expect(damages).toHaveLength(1)
  })

  describe('cameras without IDR pictures', () => {
    /** Recovery point SEI with recovery_frame_cnt 0 and 14. */
    const AT_ONCE = '060601c480'
    const GRADUAL = '0606020f0080'
    /** An I slice that is no IDR picture: first_mb 0, slice_type 7. */
    const I = '4188a0ff'

    it('can start at a recovery point with an I picture, as long as no IDR picture was seen', () => {
      const open = play([
        [0, AT_ONCE],
        [0, I, 'm'],
        [1, P, 'm'],
        [2, AT_ONCE],
        [2, P, 'm'],
      ])
      expect(open.keys).toEqual([true, false, false])
      const seen = play([
        [0, IDR, 'm'],
        [1, AT_ONCE],
        [1, I, 'm'],
      ])
      expect(seen.keys).toEqual([true, false])
    })

    it('can start at any recovery point once no IDR picture has come for long', () => {
      const pictures = Array.from({ length: 300 }, (_, index) => [index, P, 'm'] as const)
      const steps = [
        [900, GRADUAL],
        [900, P, 'm'],
        [901, P, 'm'],
        [902, IDR, 'm'],
        [903, GRADUAL],
        [903, P, 'm'],
      ] as const
      expect(play([...pictures.slice(0, 299), ...steps]).keys.slice(299)).toEqual([false, false, true, false])
      expect(play([...pictures, ...steps]).keys.slice(300)).toEqual([true, false, true, false])
    })
  })

  it('bounds the NAL units and the bytes of a unit', () => {
    const many = play([...Array.from({ length: 4_097 }, () => [0, P] as const), [1, P, 'm']])
    expect(many.damages).toEqual(['too many NAL units'])
    expect(many.units).toEqual([[1, P]])
    const sink = new Collector()
    const depacketizer = new H264Depacketizer(sink)
    const fragment = Buffer.alloc(60_000, 0x11)
    fragment.set([0x7c, 0x85, 0x88])
    for (let i = 0; i < 300; i++) {
      depacketizer.push(fragment, 0, fragment.length, 0, false, false)
      fragment[1] = 0x05
    }
    expect(sink.damages).toEqual(['access unit too large'])
  })

  it('survives any payloads in the frame store of a camera, and every unit is made of whole NAL units', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(0x7c, 0x78, 0x65, 0x41, 0x67, 0x68, 0x06), fc.nat(255), fc.uint8Array({ maxLength: 60 }))
        .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest)),
    )
    const packet = fc.record({ payload, step: fc.nat(1), marker: fc.boolean(), lost: fc.nat(9) })
    const pool = new SlabPool()
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), packets => {
        const buffer = new FrameWriter(pool)
        let damages = 0
        const depacketizer = new H264Depacketizer({
          buffer,
          complete: () => {
            const { slab, start, end } = buffer.take()!
            let at = start
            while (at < end) at += 4 + slab.bytes.readUInt32BE(at)
            expect(at).toBe(end)
            slab.release()
          },
          parameters: ({ codec }) => expect(codec).toBe('h264'),
          damaged: () => damages++,
        })
        let timestamp = 0
        for (const { payload, step, marker, lost } of packets) {
          timestamp += step
          depacketizer.push(payload, 0, payload.length, timestamp, marker, lost === 0)
        }
        depacketizer.flush()
        expect(buffer.length).toBeLessThan(60 * 70)
        buffer.close()
      }),
      { numRuns: 400 },
    )
    expect(pool.used).toBe(0)
  })
})

describe('H.264 packetizer', () => {
  it('writes one contiguous run of interleaved packets, marker bit on the last', () => {
    const writer = new PacketWriter({
      payloadType: 97,
      ssrc: 0x01020304,
      sequence: 0xffff,
      channel: 2,
      payloadLimit: 64,
    })
    const packetizer = new H264Packetizer()
    const unit = unitOf([hex(SEI), Buffer.concat([hex('6588'), Buffer.alloc(100, 0x33)])])
    packetizer.packetize(unit, 0, unit.length, 9, true, writer)
    const bytes = writer.take()
    const packets: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      expect([bytes[at], bytes[at + 1]]).toEqual([0x24, 2])
      const next = at + 4 + bytes.readUInt16BE(at + 2)
      packets.push(bytes.subarray(at + 4, next))
      at = next
    }
    expect(packets.map(packet => packet.subarray(0, 14).toString('hex'))).toEqual([
      '8061ffff00000009010203040605',
      '8061000000000009010203047c85',
      '80e1000100000009010203047c45',
    ])
    expect(writer).toMatchObject({ sequence: 2, packetCount: 3, octetCount: 5 + 64 + 2 + 101 - 62, length: 0 })
  })

  it('survives units that are not well formed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const writer = new PacketWriter({ payloadType: 97, ssrc: 1, sequence: 0, payloadLimit: 64 })
        new H264Packetizer().packetize(bytes, 0, bytes.length, 0, true, writer)
        for (const packet of writer.takePackets()) expect(packet.length).toBeLessThanOrEqual(76)
      }),
    )
  })
})
