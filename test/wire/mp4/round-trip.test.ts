import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fragmentHeader, type Mp4Run, type Mp4Sample, type Mp4Track, RunSamples } from '../../../src/wire/mp4/index.ts'
import { AAC, AUDIO, H264, H265, PCMA, PCMU, readFile, type TestFragment, VIDEO, writeFile } from './support.ts'

const list = (samples: RunSamples): Mp4Sample[] =>
  Array.from({ length: samples.length }, (_, index) => ({
    size: samples.size(index),
    duration: samples.duration(index),
    compositionOffset: samples.compositionOffset(index),
    key: samples.key(index),
  }))
const alike = (count: number, changes: Partial<Mp4Sample> = {}): Mp4Sample[] =>
  Array.from({ length: count }, () => ({ size: 160, duration: 160, compositionOffset: 0, key: true, ...changes }))

const sample = fc.record<Mp4Sample>({
  size: fc.integer({ min: 0, max: 300 }),
  duration: fc.oneof(fc.constant(3_600), fc.integer({ min: 0, max: 0xffffffff })),
  compositionOffset: fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  key: fc.boolean(),
})
/** Samples that are all alike in size, as G.711 has them. */
const evenSamples = fc
  .record({ size: fc.integer({ min: 1, max: 200 }), count: fc.integer({ min: 1, max: 40 }) })
  .map(({ size, count }) =>
    Array.from({ length: count }, () => ({ size, duration: 160, compositionOffset: 0, key: true })),
  )
const samples = fc.oneof(fc.array(sample, { maxLength: 40 }), evenSamples).map(all => RunSamples.of(all))
const decodeTime = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 2 ** 52 }))
const run = (trackId: number) => fc.record<Mp4Run>({ trackId: fc.constant(trackId), decodeTime, samples })
const parameters = fc.constantFrom(H264, H265, AAC, PCMU, PCMA)

/** One to four tracks and up to six fragments, each with a run of some of the tracks. */
const file = fc.array(parameters, { minLength: 1, maxLength: 4 }).chain(codecs => {
  const tracks = codecs.map((parameters, index): Mp4Track => ({ id: index + 1, timescale: 90_000, parameters }))
  const runs = fc.tuple(...tracks.map(track => fc.option(run(track.id))))
  const present = runs.map(all => all.filter(one => one !== null))
  return fc.record({ tracks: fc.constant(tracks), fragments: fc.array(present, { maxLength: 6 }) })
})

/** Bytes that differ from sample to sample. */
function dataOf(runs: readonly Mp4Run[], seed: number): TestFragment {
  const size = runs.flatMap(({ samples }) => list(samples)).reduce((sum, { size }) => sum + size, 0)
  const data = Buffer.alloc(size)
  for (let at = 0; at < size; at++) data[at] = (at * 31 + seed * 17) >>> 3
  return { runs, data }
}

describe('what our writer writes, our reader reads', () => {
  it('gives back every sample with its bytes, times and flags', () => {
    fc.assert(
      fc.property(file, ({ tracks, fragments }) => {
        const written = fragments.map(dataOf)
        const bytes = writeFile(tracks, written)
        const { init, fragments: read, end } = readFile(bytes)
        expect(init?.tracks.map(({ id, timescale, parameters }) => ({ id, timescale, parameters }))).toEqual(tracks)
        expect(end).toEqual({ type: 'whole', at: bytes.length })
        expect(read.length).toBe(written.length)
        for (const [number, fragment] of read.entries()) {
          const { runs, data } = written[number]!
          expect(fragment.sequence).toBe(number + 1)
          expect(fragment.runs.map(({ trackId, decodeTime }) => ({ trackId, decodeTime }))).toEqual(
            runs.map(({ trackId, decodeTime }) => ({ trackId, decodeTime })),
          )
          let at = 0
          for (const [index, { samples }] of runs.entries()) {
            const got = fragment.runs[index]!
            const expected = list(samples).map(({ size, duration, compositionOffset, key }) => {
              at += size
              return { size, duration, compositionOffset, key, bytes: data.toString('hex', at - size, at) }
            })
            const actual = expected.map((_, i) => ({
              size: got.sizes[i],
              duration: got.durations[i],
              compositionOffset: got.compositionOffsets[i],
              key: got.keys[i] === 1,
              bytes: bytes.toString('hex', got.offsets[i], got.offsets[i]! + got.sizes[i]!),
            }))
            expect(got.count).toBe(samples.length)
            expect(actual).toEqual(expected)
            expect(got.duration).toBe(list(samples).reduce((sum, { duration }) => sum + duration, 0))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('reads headers only, not the media', () => {
    const samples = RunSamples.of(alike(25, { size: 20_000, duration: 3_600 }))
    const fragments = Array.from({ length: 20 }, (_, second) =>
      dataOf([{ trackId: 1, decodeTime: second * 90_000, samples }], second),
    )
    const bytes = writeFile([VIDEO], fragments)
    const { bytesRead, fragments: read } = readFile(bytes)
    expect(read.length).toBe(20)
    expect(bytesRead).toBeLessThan(bytes.length / 500)
  })
})

describe('a fragment header', () => {
  it('says once what all samples share', () => {
    const one = fragmentHeader(1, [{ trackId: 1, decodeTime: 0, samples: RunSamples.of(alike(1)) }])
    const many = fragmentHeader(1, [{ trackId: 1, decodeTime: 0, samples: RunSamples.of(alike(50)) }])
    expect(many.length).toBe(one.length)
  })

  it('tells a key frame at the start with four bytes', () => {
    const delta = alike(24, { key: false })
    const plain = fragmentHeader(1, [{ trackId: 1, decodeTime: 0, samples: RunSamples.of(delta) }])
    const keyed = fragmentHeader(1, [{ trackId: 1, decodeTime: 0, samples: RunSamples.of([...alike(1), ...delta]) }])
    expect(keyed.length).toBe(plain.length + 4)
  })

  it('ends with an mdat of exactly the bytes that follow', () => {
    const header = fragmentHeader(7, [
      { trackId: 1, decodeTime: 0, samples: RunSamples.of(alike(3, { size: 1_000 })) },
      { trackId: 2, decodeTime: 0, samples: RunSamples.of(alike(2)) },
    ])
    expect(header.readUInt32BE(0)).toBe(header.length - 8)
    expect(header.readUInt32BE(header.length - 8)).toBe(8 + 3 * 1_000 + 2 * 160)
    expect(header.toString('latin1', header.length - 4)).toBe('mdat')
  })

  it('refuses what a fragment cannot hold', () => {
    const huge = { trackId: 1, decodeTime: 0, samples: RunSamples.of(alike(3, { size: 2 ** 30 })) }
    expect(() => fragmentHeader(1, [huge])).toThrow(/fragment of 3 samples/)
    expect(() => fragmentHeader(1, [{ ...huge, samples: RunSamples.of(alike(60_001)) }])).toThrow(/60001 samples/)
  })

  it('stays within what the reader takes at its limit', () => {
    const samples = Array.from({ length: 60_000 }, (_, index) => ({
      size: index & 1,
      duration: index,
      compositionOffset: -index,
      key: index % 3 === 0,
    }))
    const bytes = writeFile(
      [VIDEO, AUDIO],
      [dataOf([{ trackId: 1, decodeTime: 5, samples: RunSamples.of(samples) }], 1)],
    )
    expect(readFile(bytes).fragments[0]?.runs[0]?.count).toBe(60_000)
  })
})
