import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeSegment, FragmentIndex, parseBoxes, RunSamples } from '../../../src/wire/mp4/index.ts'
import { AUDIO, readFile, VIDEO, writeFile } from './support.ts'

const samples = RunSamples.of([
  { size: 300, duration: 3_600, compositionOffset: 7_200, key: true },
  { size: 120, duration: 3_600, compositionOffset: -3_600, key: false },
])
const audio = RunSamples.of(
  Array.from({ length: 4 }, () => ({ size: 80, duration: 1_024, compositionOffset: 0, key: true })),
)
const VALID = writeFile(
  [VIDEO, AUDIO],
  Array.from({ length: 3 }, (_, second) => ({
    runs: [
      { trackId: 1, decodeTime: second * 90_000, samples },
      { trackId: 2, decodeTime: second * 48_000, samples: audio },
    ],
    data: Buffer.alloc(740, second),
  })),
)

/** Reads any bytes; whatever it finds must lie within them, and the work be bounded by them. */
function survives(bytes: Uint8Array): void {
  const { init, fragments, end, bytesRead } = readFile(bytes)
  if (init) {
    // Closing what was read must not write outside of it.
    const index = new FragmentIndex(init, init.lead)
    index.addRuns(100, [{ trackId: init.lead, decodeTime: 0, duration: 1, samples: 1, key: true, earliest: -1 }])
    for (const patch of closeSegment(init, index, 'repaired')) {
      expect(patch.offset + patch.bytes.length).toBeLessThanOrEqual(init.bytes.length)
    }
  }
  let samples = 0
  let last = 0
  for (const { start, end, runs } of fragments) {
    expect(start).toBeGreaterThanOrEqual(last)
    last = end
    for (const { count, offsets, sizes } of runs) {
      samples += count
      for (let index = 0; index < count; index++) {
        expect(offsets[index]).toBeGreaterThanOrEqual(start)
        expect(offsets[index]! + sizes[index]!).toBeLessThanOrEqual(end)
      }
    }
  }
  expect(last).toBeLessThanOrEqual(bytes.length)
  if (end) expect(end.at).toBeLessThanOrEqual(bytes.length)
  expect(samples).toBeLessThanOrEqual(bytes.length)
  // Each box costs a read of its header, 16 bytes of which are at least 8 its own.
  expect(bytesRead).toBeLessThanOrEqual(bytes.length * 5 + 64)
}

describe('the reader survives', () => {
  it('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), survives))
  })

  it('any boxes', () => {
    const type = fc.constantFrom('ftyp', 'moov', 'moof', 'mdat', 'free', 'uuid', 'trak', 'traf', 'trun', 'tfhd', 'sidx')
    const box = fc
      .tuple(type, fc.uint8Array({ maxLength: 200 }), fc.option(fc.integer({ min: 0, max: 0xffffffff }), { freq: 5 }))
      .map(([type, content, size]) => {
        const header = Buffer.alloc(8)
        header.writeUInt32BE(size ?? content.length + 8)
        header.write(type, 4, 'latin1')
        return Buffer.concat([header, content])
      })
    fc.assert(fc.property(fc.array(box, { maxLength: 20 }), boxes => survives(Buffer.concat(boxes))))
  })

  it('valid files with some bytes changed', () => {
    const change = fc.tuple(fc.nat(VALID.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), changes => {
        const bytes = Buffer.from(VALID)
        for (const [at, value] of changes) bytes[at] = value
        survives(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('every four bytes of the headers set to the largest number, and to the smallest', () => {
    for (const value of [0xffffffff, 0x7fffffff, 0, 1]) {
      for (let at = 0; at < VALID.indexOf('mdat') + 4; at++) {
        const bytes = Buffer.from(VALID)
        bytes.writeUInt32BE(value, at)
        survives(bytes)
      }
    }
  })

  it('a valid file with a stretch cut out or doubled', () => {
    const place = fc.nat(VALID.length)
    fc.assert(
      fc.property(place, place, fc.boolean(), (a, b, twice) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const middle = twice ? [VALID.subarray(from, to), VALID.subarray(from, to)] : []
        survives(Buffer.concat([VALID.subarray(0, from), ...middle, VALID.subarray(to)]))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a header that promises more than the file has', () => {
  /** The first fragment of VALID as a file, with its first `trun` rewritten by `change`. */
  function withRun(change: (bytes: Buffer, trun: number) => void): Buffer {
    const bytes = Buffer.from(VALID)
    change(bytes, bytes.indexOf('trun') + 4)
    return bytes
  }

  it('gets no memory: four billion samples in eight bytes', () => {
    const bytes = withRun((bytes, trun) => {
      bytes.writeUInt32BE(0x01000001, trun)
      bytes.writeUInt32BE(0xffffffff, trun + 4)
    })
    expect(readFile(bytes)).toMatchObject({ fragments: [], end: { type: 'damaged' } })
  })

  it('is refused where its samples begin before the media', () => {
    const bytes = withRun((bytes, trun) => bytes.writeInt32BE(-100, trun + 8))
    expect(readFile(bytes)).toMatchObject({ fragments: [], end: { type: 'damaged' } })
  })

  it('is refused where its samples reach beyond the media', () => {
    const bytes = withRun((bytes, trun) => bytes.writeUInt32BE(5_000, trun + 8))
    expect(readFile(bytes)).toMatchObject({ fragments: [], end: { type: 'damaged' } })
  })
})

describe('a file that was cut off', () => {
  it('ends after its last whole fragment, at every byte', () => {
    const whole = readFile(VALID)
    const ends = [whole.init!.bytes.length, ...whole.fragments.map(({ end }) => end)]
    for (let length = ends[0]!; length <= VALID.length; length++) {
      const { fragments, end } = readFile(VALID.subarray(0, length))
      const count = ends.filter(end => end <= length).length - 1
      expect(fragments.length).toBe(count)
      expect(end).toEqual({ type: ends.includes(length) ? 'whole' : 'truncated', at: ends[count] })
    }
  })

  it('followed by zeros, as after a power cut, ends there too', () => {
    const { end } = readFile(Buffer.concat([VALID, Buffer.alloc(5_000)]))
    expect(end).toEqual({ type: 'damaged', at: VALID.length })
  })

  it('before its first fragment is no recording, and no error', () => {
    const { init } = readFile(VALID)
    const moovEnd = [...parseBoxes(VALID)].find(({ type }) => type === 'moov')!.end
    for (let length = 0; length < init!.bytes.length; length++) {
      expect(readFile(VALID.subarray(0, length)).init === undefined).toBe(length < moovEnd)
    }
  })
})
