import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  closeSegment,
  FragmentIndex,
  follows,
  hashedInit,
  initSegment,
  type Mp4Run,
  parseBoxes,
  RunSamples,
  readInit,
  type SegmentMark,
} from '../../../src/wire/mp4/index.ts'
import { AAC, AUDIO, H264, H265, MARK, PCMA, VIDEO } from './support.ts'

const mark: fc.Arbitrary<SegmentMark> = fc.record({
  version: fc.constant(1 as const),
  site: fc.string({ unit: 'binary', maxLength: 80 }),
  camera: fc.string({ maxLength: 300 }),
  stream: fc.constantFrom('main', 'sub'),
  session: fc.string({ unit: 'grapheme' }),
  number: fc.nat(),
  wallStart: fc.double({ min: 0, max: 4e12, noNaN: true }).map(Math.abs),
  mediaTime: fc.maxSafeNat(),
  timescale: fc.integer({ min: 1, max: 1_000_000 }),
  reason: fc.constantFrom(
    ...([
      'first',
      'duration',
      'reconnect',
      'parameters',
      'clock-step',
      'frames-dropped',
      'disk-error',
      'resumed',
    ] as const),
  ),
  clockOffset: fc.option(fc.integer()),
})

function second(trackId: number, decodeTime: number, duration: number): Mp4Run {
  return { trackId, decodeTime, samples: RunSamples.of([{ size: 100, duration, compositionOffset: 0, key: true }]) }
}

describe('the init segment', () => {
  it('keeps the mark, whatever the names in it are', () => {
    fc.assert(
      fc.property(mark, mark => {
        const read = readInit(initSegment([VIDEO], mark).bytes)
        expect(read?.mark).toEqual(mark)
        expect(read?.end).toBeUndefined()
      }),
    )
  })

  it('gives every codec the sample entry that players know, and the size of the picture', () => {
    const tracks = [H264, H265, AAC, PCMA].map((parameters, index) => ({ id: index + 1, timescale: 1_000, parameters }))
    const read = readInit(initSegment(tracks, MARK).bytes)
    expect(read?.tracks.map(({ type, codec, width, height }) => [type, codec, width, height])).toEqual([
      ['avc1', 'h264', 320, 180],
      ['hvc1', 'h265', 320, 180],
      ['mp4a', 'aac', 0, 0],
      ['alaw', 'pcma', 0, 0],
    ])
    expect(read?.tracks.map(({ parameters }) => parameters)).toEqual([H264, H265, AAC, PCMA])
  })

  it('says how wide a pixel is, and its colours, where the stream does', () => {
    const sps = Buffer.from('6764001eacd940b0126c09b808080a000003000200000300641e2c5b2c', 'hex')
    const parameters = { codec: 'h264', sps, pps: [Buffer.from('68ce0fc8', 'hex')] } as const
    const { bytes } = initSegment([{ id: 1, timescale: 90_000, parameters }], MARK)
    const pasp = bytes.indexOf('pasp')
    expect([bytes.readUInt32BE(pasp + 4), bytes.readUInt32BE(pasp + 8)]).toEqual([12, 11])
    expect(bytes.toString('hex', bytes.indexOf('nclx') + 4, bytes.indexOf('nclx') + 11)).toBe('00010001000180')
    // Shown as 4:3: the track is 768 wide, its samples 704.
    const tkhd = bytes.indexOf('tkhd') + 4
    expect([bytes.readUInt32BE(tkhd + 76) >>> 16, bytes.readUInt32BE(tkhd + 80) >>> 16]).toEqual([768, 576])
    const plain = initSegment([VIDEO], MARK).bytes
    expect([plain.includes('pasp'), plain.includes('nclx')]).toEqual([true, false])
  })

  it('can be written with a parameter set that nobody understands', () => {
    const parameters = { codec: 'h264', sps: Buffer.from([0x67]), pps: [] } as const
    const read = readInit(initSegment([{ id: 1, timescale: 90_000, parameters }], MARK).bytes)
    expect(read?.tracks[0]).toMatchObject({ codec: 'h264', width: 0, height: 0 })
  })

  it('has the mark before the movie, and nothing but room behind it', () => {
    const { bytes, indexRoom } = initSegment([VIDEO, AUDIO], MARK)
    const boxes = [...parseBoxes(bytes)]
    expect(boxes.map(({ type }) => type)).toEqual(['ftyp', 'uuid', 'moov', 'free'])
    expect(indexRoom).toEqual({ offset: boxes[3]!.start, size: bytes.length - boxes[3]!.start })
  })

  it('refuses a file without tracks', () => {
    expect(() => initSegment([], MARK)).toThrow(/0 tracks/)
  })
})

describe('closing a segment', () => {
  function closed(entries: number, seconds: number) {
    const init = initSegment([VIDEO, AUDIO], MARK, entries)
    const index = new FragmentIndex(init, 1)
    for (let at = 0; at < seconds; at++) {
      index.add(1_000 + at, [second(1, at * 90_000, 90_000), second(2, at * 48_000, 48_000)])
    }
    const patches = closeSegment(init, index, 'duration')
    const bytes = Buffer.from(init.bytes)
    for (const patch of patches) patch.bytes.copy(bytes, patch.offset)
    return { init, patches, bytes, read: readInit(bytes)! }
  }

  it('can be torn at any byte of each write: what is there leads to the first fragment, as before', () => {
    const { init, patches } = closed(256, 10)
    const before = Buffer.from(init.bytes)
    for (const { offset, bytes } of patches.slice(0, 2)) {
      // The header that shows the index is eight bytes: a disk writes them whole.
      for (let torn = 0; torn <= bytes.length; torn += bytes.length === 8 ? 8 : 1) {
        const file = Buffer.from(before)
        bytes.copy(file, offset, 0, torn)
        expect([torn, [...parseBoxes(file)].at(-1)?.end]).toEqual([torn, file.length])
      }
      bytes.copy(before, offset)
    }
  })

  it('is three writes within the init segment, of which the last alone makes it a closed file', () => {
    const { init, patches, read } = closed(256, 10)
    expect(patches.length).toBe(3)
    const bytes = Buffer.from(init.bytes)
    for (const [index, patch] of patches.entries()) {
      expect(patch.offset).toBeGreaterThan(0)
      expect(patch.offset + patch.bytes.length).toBeLessThanOrEqual(init.bytes.length)
      patch.bytes.copy(bytes, patch.offset)
      expect(readInit(bytes)!.end).toEqual(index < 2 ? undefined : read.end)
    }
  })

  it('fills in durations and how the segment ended', () => {
    const { read, bytes } = closed(256, 10)
    expect(read.end).toEqual({ duration: 900_000, reason: 'duration', frames: 10, sha256: null })
    expect(read.tracks.map(({ duration }) => duration)).toEqual([900_000, 480_000])
    for (const { kind, offset } of read.durationFields) {
      if (kind === 'media') continue
      expect(bytes.readUInt32BE(offset), kind).toBe(900_000)
    }
    expect(bytes.includes('mehd')).toBe(true)
  })

  it('can be done again on what was read', () => {
    const { read, bytes } = closed(256, 10)
    const index = new FragmentIndex(read, read.lead)
    index.add(500, [second(1, 0, 45_000)])
    const again = Buffer.from(bytes)
    for (const patch of closeSegment(read, index, 'repaired')) patch.bytes.copy(again, patch.offset)
    expect(readInit(again)?.end).toEqual({ duration: 45_000, reason: 'repaired', frames: 1, sha256: null })
    expect(readInit(again)?.tracks.map(({ duration }) => duration)).toEqual([45_000, 0])
  })

  it.each(['duration', '\u0001'.repeat(20), '"sha256":"', 'ä'.repeat(20)])(
    'has room for the hash whatever the reason: %j',
    reason => {
      const init = initSegment([VIDEO, AUDIO], MARK)
      const index = new FragmentIndex(init, 1)
      index.add(500, [second(1, 0, 2 ** 40)])
      const digits = 'ab'.repeat(32)
      let sealed: Buffer | undefined
      const bytes = Buffer.from(init.bytes)
      const patches = closeSegment(init, index, reason, whole => {
        sealed = Buffer.from(whole)
        return digits
      })
      for (const patch of patches) patch.bytes.copy(bytes, patch.offset)
      const read = readInit(bytes)!
      expect(read.end).toMatchObject({ sha256: digits, duration: 2 ** 40 })
      expect(reason.startsWith(read.end!.reason)).toBe(true)
      expect(hashedInit(read)!.equals(sealed!)).toBe(true)
      expect(sealed!.includes(digits)).toBe(false)
    },
  )

  it('indexes every fragment of every track, the last index right before the first fragment', () => {
    const { bytes } = closed(256, 10)
    const boxes = [...parseBoxes(bytes)]
    expect(boxes.map(({ type }) => type)).toEqual(['ftyp', 'uuid', 'moov', 'free', 'sidx', 'sidx'])
    for (const [position, box] of boxes.slice(4).entries()) {
      expect(bytes.readUInt32BE(box.content + 4)).toBe(position + 1)
      // Where the first fragment is, counted from the end of this box.
      expect(box.end + Number(bytes.readBigUInt64BE(box.content + 20))).toBe(bytes.length)
      expect(bytes.readUInt32BE(box.content + 28)).toBe(10)
    }
    const first = boxes[4]!.content + 32
    const entries = Array.from({ length: 10 }, (_, i) => [0, 4].map(at => bytes.readUInt32BE(first + i * 12 + at)))
    expect(entries).toEqual(Array.from({ length: 10 }, (_, i) => [1_000 + i, 90_000]))
  })

  it('lets neighbours share an entry where there are more fragments than room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }), (entries, seconds) => {
        const { bytes } = closed(entries, seconds)
        const box = [...parseBoxes(bytes)].find(({ type }) => type === 'sidx')!
        const count = bytes.readUInt32BE(box.content + 28)
        expect(count).toBeLessThanOrEqual(entries)
        let size = 0
        let duration = 0
        for (let at = box.content + 32; at < box.end; at += 12) {
          size += bytes.readUInt32BE(at)
          duration += bytes.readUInt32BE(at + 4)
        }
        expect(size).toBe(seconds * 1_000 + (seconds * (seconds - 1)) / 2)
        expect(duration).toBe(seconds * 90_000)
      }),
    )
  })

  it('takes a reason of any length and characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), reason => {
        const init = initSegment([VIDEO], MARK)
        const index = new FragmentIndex(init, 1)
        index.add(10, [second(1, 0, 2 ** 31)])
        const bytes = Buffer.from(init.bytes)
        for (const patch of closeSegment(init, index, reason)) patch.bytes.copy(bytes, patch.offset)
        expect(readInit(bytes)?.end?.duration).toBe(2 ** 31)
      }),
    )
  })
})

describe('neighbours', () => {
  const next = { ...MARK, number: MARK.number + 1, mediaTime: MARK.mediaTime + 16_200_000 }

  it('follow one another when not a tick is between', () => {
    expect(follows(MARK, 16_200_000, next)).toBe(true)
  })

  it.each([
    ['a tick is missing', { ...next, mediaTime: next.mediaTime + 1 }],
    ['the session is another', { ...next, session: 'other' }],
    ['a number is missing', { ...next, number: next.number + 1 }],
    ['the camera is another', { ...next, camera: 'gate-2' }],
    ['the stream is another', { ...next, stream: 'sub' as const }],
  ])('do not when %s', (_, other) => {
    expect(follows(MARK, 16_200_000, other)).toBe(false)
  })
})
