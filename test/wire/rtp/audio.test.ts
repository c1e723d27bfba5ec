import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAudioSpecificConfig } from '../../../src/wire/audio/index.ts'
import {
  createDepacketizer,
  createPacketizer,
  emptyRtpHeader,
  PacketWriter,
  parseRtpHeader,
} from '../../../src/wire/rtp/index.ts'
import type { AacParameters, Track } from '../../../src/wire/track.ts'
import { Collector, feed, track } from './support.ts'

const aac = (fmtp: Record<string, string> = {}, more: Partial<Track> = {}) =>
  track('aac', { clockRate: 48_000, fmtp: new Map(Object.entries(fmtp)), ...more })

const parameters = (sampleRate: number): AacParameters => {
  return { codec: 'aac', config: buildAudioSpecificConfig(sampleRate, 1), sampleRate, channels: 1 }
}

function play(
  described: Track,
  given: AacParameters | undefined,
  packets: readonly (readonly [timestamp: number, payload: string, flags?: string])[],
) {
  const sink = new Collector()
  const depacketizer = createDepacketizer(described, given, sink)
  for (const [timestamp, payload, flags = 'm'] of packets) {
    const bytes = Buffer.from(payload.replaceAll(' ', ''), 'hex')
    depacketizer.push(bytes, 0, bytes.length, timestamp, flags.includes('m'), flags.includes('l'))
  }
  depacketizer.flush()
  expect(sink.units.every(unit => unit.key)).toBe(true)
  return { units: sink.units.map(unit => [unit.timestamp, unit.bytes.toString('hex')]), damages: sink.damages }
}

describe('AAC depacketizer', () => {
  it('gives each frame of a packet its own time, through the wrap', () => {
    const { units } = play(aac(), parameters(48_000), [[2 ** 32 - 1024, '0030 0010 0018 0008 aabb ccddee ff']])
    expect(units).toEqual([
      [2 ** 32 - 1024, 'aabb'],
      [0, 'ccddee'],
      [1024, 'ff'],
    ])
  })

  it('counts the time in ticks of the RTP clock: constantDuration, 960 samples, SBR', () => {
    const packet = [[0, '0020 0008 0008 aabb']] as const
    const second = (described: Track, given?: AacParameters) => play(described, given, packet).units[1]![0]
    expect(second(aac({ constantduration: '512' }))).toBe(512)
    expect(second(aac())).toBe(1024)
    const short: AacParameters = { codec: 'aac', config: Buffer.from('118c', 'hex'), sampleRate: 48_000, channels: 1 }
    expect(second(aac(), short)).toBe(960)
    expect(second(aac(), parameters(24_000)), 'RTP clock of the output, frames of the core').toBe(2048)
  })

  it('puts the fragments of a frame together', () => {
    const { units, damages } = play(aac(), undefined, [
      [0, '0010 0028 aabb', ''],
      [0, '0010 0028 ccdd', ''],
      [0, '0010 0028 ee'],
      [1024, '0010 0008 11'],
    ])
    expect(units).toEqual([
      [0, 'aabbccddee'],
      [1024, '11'],
    ])
    expect(damages).toEqual([])
  })

  it.each([
    [
      'a lost fragment',
      [
        [0, '0010 0028 aabb', ''],
        [0, '0010 0028 ee', 'lm'],
      ],
    ],
    ['a lost first fragment', [[0, '0010 0028 aabb', 'l']]],
    ['a fragment that never came', [[0, '0010 0028 aabb', '']]],
    ['a marker bit before the end', [[0, '0010 0028 aabb', 'm']]],
    [
      'fragments that are more than the frame',
      [
        [0, '0010 0028 aabbcc', ''],
        [0, '0010 0028 aabbcc'],
      ],
    ],
    ['interleaving', [[0, '0010 0009 aa']]],
    ['headers longer than the packet', [[0, 'ffff 0008 aa']]],
    ['no headers', [[0, '0000 aa']]],
    ['half a header', [[0, '0018 0008 00 aa']]],
    ['data too short for two frames', [[0, '0020 0010 0010 aabbcc']]],
    ['one byte', [[0, '00']]],
  ] as const)('counts %s as damage and goes on', (_, packets) => {
    const { units, damages } = play(aac(), undefined, [...packets, [4096, '0010 0008 77']])
    expect(units.at(-1)).toEqual([4096, '77'])
    expect(units.slice(0, -1).every(([, bytes]) => bytes === 'aabb')).toBe(true)
    expect(damages.length).toBeGreaterThan(0)
  })

  it('reads headers of other shapes: low bit rate, all optional fields, auxiliary data, constant size', () => {
    // AAC-lbr: 6 bits of size, 2 of index.
    expect(play(aac({ mode: 'AAC-lbr' }), undefined, [[0, '0010 08 0c aabb ccddee']]).units).toEqual([
      [0, 'aabb'],
      [1024, 'ccddee'],
    ])
    // 8 bits of size, CTS flag, DTS flag and delta of 8, random access flag, stream state of 4; auxiliary size of 8 (4 bits).
    const all = {
      ...{ sizelength: '8', indexlength: '0', indexdeltalength: '0', ctsdeltalength: '8', dtsdeltalength: '8' },
      ...{ randomaccessindication: '1', streamstateindication: '4', auxiliarydatasizelength: '8' },
    }
    // 00000010 0 1 11111111 1 0101, filled up to three bytes; then 00000100 1111, filled up.
    expect(play(aac(all), undefined, [[0, '0017 027fea 04f0 aabb']]).units).toEqual([[0, 'aabb']])
    const constant = { constantsize: '2', sizelength: '0', indexlength: '0', indexdeltalength: '0' }
    expect(play(aac(constant), undefined, [[0, 'aabbccdd']]).units).toEqual([
      [0, 'aabb'],
      [1024, 'ccdd'],
    ])
  })

  it('survives any payloads and any fmtp', () => {
    const names = [
      'sizelength',
      'indexlength',
      'indexdeltalength',
      'constantsize',
      'constantduration',
      'ctsdeltalength',
    ]
    const value = fc.oneof(fc.string({ maxLength: 5 }), fc.integer().map(String))
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names, 'mode', 'auxiliarydatasizelength'), value),
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.boolean(), fc.boolean()), { maxLength: 30 }),
        (fmtp, packets) => {
          const sink = new Collector()
          const depacketizer = createDepacketizer(aac(fmtp), undefined, sink)
          for (const [bytes, marker, lost] of packets) depacketizer.push(bytes, 0, bytes.length, 0, marker, lost)
          depacketizer.flush()
          expect(sink.buffer.length).toBe(0)
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('audio packetise and depacketise', () => {
  it('gives back AAC frames of any size up to 8191 bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8_191 }), { maxLength: 5 }),
        fc.integer({ min: 64, max: 1_500 }),
        (sizes, limit) => {
          const writer = new PacketWriter({ payloadType: 97, ssrc: 1, sequence: 0, payloadLimit: limit })
          const packetizer = createPacketizer(aac(), parameters(48_000))
          const sink = new Collector()
          const frames = sizes.map((size, index) => Buffer.alloc(size, index + 1))
          for (const [index, frame] of frames.entries()) {
            packetizer.packetize(frame, 0, frame.length, index * 1_024, true, writer)
          }
          feed(createDepacketizer(aac(), parameters(48_000), sink), writer.takePackets())
          expect(sink.units.map(unit => unit.bytes.equals(frames.shift()!))).toEqual(sizes.map(() => true))
          expect(sink.units.map(unit => unit.timestamp)).toEqual(sizes.map((_, index) => index * 1_024))
        },
      ),
    )
  })

  it('sends a frame that the size field cannot hold not at all', () => {
    const writer = new PacketWriter({ payloadType: 97, ssrc: 1, sequence: 0 })
    createPacketizer(aac(), undefined).packetize(Buffer.alloc(8_192), 0, 8_192, 0, true, writer)
    expect(writer.take()).toHaveLength(0)
  })

  it('gives back G.711, cut where it is long, with the time of each piece', () => {
    for (const codec of ['pcmu', 'pcma'] as const) {
      const writer = new PacketWriter({ payloadType: 0, ssrc: 1, sequence: 0, payloadLimit: 161 })
      const described = { codec, sampleRate: 8_000, channels: 2 } as const
      const bytes = Buffer.from(Array.from({ length: 400 }, (_, index) => index & 0xff))
      createPacketizer(track(codec), described).packetize(bytes, 0, 400, 1_000, true, writer)
      const sink = new Collector()
      feed(createDepacketizer(track(codec), described, sink), writer.takePackets())
      expect(sink.units.map(unit => [unit.timestamp, unit.bytes.length])).toEqual([
        [1_000, 160],
        [1_080, 160],
        [1_160, 80],
      ])
      expect(Buffer.concat(sink.units.map(unit => unit.bytes)).equals(bytes)).toBe(true)
    }
  })

  it('ends where a sample of all channels is more than a packet takes', () => {
    const writer = new PacketWriter({ payloadType: 0, ssrc: 1, sequence: 0, payloadLimit: 64 })
    const described = { codec: 'pcmu', sampleRate: 8_000, channels: 100 } as const
    createPacketizer(track('pcmu'), described).packetize(Buffer.alloc(150), 0, 150, 0, true, writer)
    expect(writer.takePackets().map(packet => packet.length)).toEqual([112, 62])
  })
})

describe('codecs that are not ours', () => {
  it('travel as whole packets: everything but sequence, time, source and type is kept', () => {
    const packet = Buffer.from(
      'b1ee 1234 00000001 0000000a 0000000b bede0001 11111111 3c74743e 0000 0003'.replaceAll(' ', ''),
      'hex',
    )
    packet[packet.length - 1] = 4
    const sink = new Collector()
    const depacketizer = createDepacketizer(track('other'), undefined, sink)
    expect(depacketizer.wholePackets).toBe(true)
    feed(depacketizer, [packet])
    expect(sink.units[0]!.bytes.equals(packet)).toBe(true)
    const writer = new PacketWriter({ payloadType: 107, ssrc: 0xccccdddd, sequence: 0xabcd, channel: 4 })
    createPacketizer(track('other'), undefined).packetize(packet, 0, packet.length, 2 ** 32 + 0x55, true, writer)
    const sent = writer.take()
    expect(sent.subarray(0, 4).toString('hex')).toBe(`2404${packet.length.toString(16).padStart(4, '0')}`)
    const expected = Buffer.from(packet)
    expected.set(Buffer.from('eb' + 'abcd' + '00000055' + 'ccccdddd', 'hex'), 1)
    expect(sent.subarray(4).toString('hex')).toBe(expected.toString('hex'))
    const header = emptyRtpHeader()
    parseRtpHeader(expected, 0, expected.length, header)
    expect(writer).toMatchObject({
      packetCount: 1,
      octetCount: header.payloadEnd - header.payloadStart,
      sequence: 0xabce,
    })
  })

  it('are not sent when they are no RTP', () => {
    const writer = new PacketWriter({ payloadType: 107, ssrc: 1, sequence: 0 })
    const packetizer = createPacketizer(track('other'), undefined)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        packetizer.packetize(bytes, 0, bytes.length, 0, true, writer)
        expect(writer.take().length).toBe(parseRtpHeader(bytes, 0, bytes.length, emptyRtpHeader()) ? bytes.length : 0)
      }),
    )
  })
})
