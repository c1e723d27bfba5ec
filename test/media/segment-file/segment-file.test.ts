import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  inspectSegment,
  iterateSamples,
  readSegmentHeader,
  repairSegment,
  type SegmentSample,
} from '../../../src/media/segment-file/index.ts'
import { type Mp4Run, RunSamples } from '../../../src/wire/mp4/index.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { AUDIO, MARK, readFile, type TestFragment, VIDEO, writeFile } from '../../wire/mp4/support.ts'

const directory = mkdtempSync(join(tmpdir(), 'vmsctl-segment-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A second of five frames, the first a key frame, and three audio frames. */
function second(number: number): TestFragment {
  const video: Mp4Run = {
    trackId: 1,
    decodeTime: number * 90_000,
    samples: RunSamples.of(
      Array.from({ length: 5 }, (_, frame) => ({
        size: 30 + frame,
        duration: 18_000,
        compositionOffset: frame * 100,
        key: frame === 0,
      })),
    ),
  }
  const audio: Mp4Run = {
    trackId: 2,
    decodeTime: number * 48_000,
    samples: RunSamples.of(
      Array.from({ length: 3 }, () => ({ size: 20, duration: 16_000, compositionOffset: 0, key: true })),
    ),
  }
  return { runs: [video, audio], data: Buffer.alloc(220, number + 1) }
}

const FRAGMENTS = [0, 1, 2].map(second)
const CLOSED = writeFile([VIDEO, AUDIO], FRAGMENTS)
const OPEN = writeFile([VIDEO, AUDIO], FRAGMENTS, false)

function file(name: string, bytes: Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

async function samples(path: string, tracks?: number[]): Promise<SegmentSample[]> {
  const all: SegmentSample[] = []
  for await (const sample of iterateSamples(path, tracks)) all.push(sample)
  return all
}

describe('inspecting a segment', () => {
  it('does not wait for the other end of a pipe that has the name of one', async () => {
    const pipe = join(directory, 'pipe.mp4')
    execFileSync('mkfifo', [pipe])
    expect(await readSegmentHeader(pipe)).toBeUndefined()
    await expect(readSegmentHeader(directory)).resolves.toBeUndefined()
  })

  it('says what is in a closed one', async () => {
    const inspection = await inspectSegment(file('closed.mp4', CLOSED))
    expect(inspection).toMatchObject({
      size: CLOSED.length,
      mark: MARK,
      end: { duration: 270_000, reason: 'duration', frames: 15 },
      lead: 1,
      fragments: 3,
      duration: 270_000,
      timescale: 90_000,
      frames: 15,
      keyFrames: 3,
      frameBytes: 480,
      gaps: 0,
      lastWholeFragmentEnd: CLOSED.length,
      tail: 'whole',
      complete: true,
    })
    expect(inspection?.tracks.map(({ codec, sampleEntry, width }) => [codec, sampleEntry, width])).toEqual([
      ['h264', 'avc1', 320],
      ['aac', 'mp4a', 0],
    ])
    expect([...inspection!.samples]).toEqual([
      [1, 15],
      [2, 9],
    ])
  })

  it('does not call an open one complete', async () => {
    const path = file('open.mp4', OPEN)
    expect(await inspectSegment(path)).toMatchObject({ end: undefined, frames: 15, tail: 'whole', complete: false })
    expect(await readSegmentHeader(path)).toMatchObject({ mark: MARK, end: undefined })
  })

  it('does not call a closed one complete that lost its end', async () => {
    const cut = CLOSED.subarray(0, readFile(CLOSED).fragments[1]!.end)
    expect(await inspectSegment(file('cut.mp4', cut))).toMatchObject({ tail: 'whole', frames: 10, complete: false })
  })

  it('counts where a fragment does not begin where the one before ended', async () => {
    const gap = writeFile([VIDEO, AUDIO], [second(0), second(1), second(5)])
    expect(await inspectSegment(file('gap.mp4', gap))).toMatchObject({ gaps: 1, frames: 15 })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no film at all, however long it goes on')],
    ['zeros', Buffer.alloc(10_000)],
    ['the first bytes of one', CLOSED.subarray(0, 600)],
  ])('takes %s for what it is: no segment', async (name, bytes) => {
    const path = file(`${name}.mp4`, bytes)
    expect(await inspectSegment(path)).toBeUndefined()
    expect(await readSegmentHeader(path)).toBeUndefined()
    expect(await repairSegment(path)).toBeUndefined()
    expect(await samples(path)).toEqual([])
  })

  it('lets the system say that there is no file', async () => {
    await expect(inspectSegment(join(directory, 'none.mp4'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('the samples of a segment', () => {
  it('come in order, each with its bytes and times', async () => {
    const all = await samples(file('samples.mp4', CLOSED))
    expect(all.length).toBe(24)
    const video = all.filter(({ trackId }) => trackId === 1)
    expect(video.map(({ decodeTime }) => decodeTime)).toEqual(Array.from({ length: 15 }, (_, i) => i * 18_000))
    expect(video.map(({ key }) => key)).toEqual(Array.from({ length: 15 }, (_, i) => i % 5 === 0))
    expect(video.map(({ bytes }) => bytes.length)).toEqual(Array.from({ length: 15 }, (_, i) => 30 + (i % 5)))
    expect(video.every(({ bytes }, i) => bytes.every(byte => byte === Math.floor(i / 5) + 1))).toBe(true)
  })

  it('can be those of one track', async () => {
    const audio = await samples(file('audio.mp4', CLOSED), [2])
    expect(audio.map(({ trackId, bytes }) => [trackId, bytes.length])).toEqual(Array.from({ length: 9 }, () => [2, 20]))
  })

  it('are right when there are more than one read takes', async () => {
    const size = 3 * 1024 * 1024 + 1
    const large: TestFragment = {
      runs: [
        {
          trackId: 1,
          decodeTime: 0,
          samples: RunSamples.of([1, 2, 3].map(() => ({ size, duration: 3_600, compositionOffset: 0, key: true }))),
        },
      ],
      data: Buffer.concat([1, 2, 3].map(value => Buffer.alloc(size, value))),
    }
    const read = await samples(file('large.mp4', writeFile([VIDEO], [large])))
    expect(read.map(({ bytes }) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual([1, 2, 3].map(v => [size, v, v]))
  })
})

describe('repairing a segment that a crash left open', () => {
  const { init, fragments } = readFile(OPEN)
  const ends = [init!.bytes.length, ...fragments.map(({ end }) => end)]

  it('keeps every whole fragment, wherever in the next one the crash came', async () => {
    for (let length = ends[1]!; length < ends[2]!; length++) {
      const path = file('crashed.mp4', OPEN.subarray(0, length))
      const repair = await repairSegment(path)
      expect(repair).toMatchObject({
        outcome: 'repaired',
        removed: length - ends[1]!,
        segment: { frames: 5, complete: true, end: { duration: 90_000, reason: 'repaired', frames: 5 } },
      })
      expect(statSync(path).size).toBe(ends[1])
      const { said, found } = hashByHand(readFileSync(path))
      expect(said).toBe(found)
    }
  })

  it('leaves the media as they were', async () => {
    const path = file('media.mp4', OPEN.subarray(0, ends[3]! - 1))
    await repairSegment(path)
    const whole = await samples(file('whole.mp4', CLOSED))
    expect(await samples(path)).toEqual(whole.slice(0, 16))
  })

  it('only closes a file that lacks nothing', async () => {
    const path = file('last.mp4', OPEN)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'repaired', removed: 0 })
    const repaired = readFileSync(path)
    expect(readFile(repaired).init?.tracks.map(({ duration }) => duration)).toEqual([270_000, 144_000])
    expect(repaired.includes('sidx')).toBe(true)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'complete' })
    expect(readFileSync(path)).toEqual(repaired)
  })

  it('cuts off the zeros that a power cut leaves', async () => {
    const path = file('zeros.mp4', Buffer.concat([OPEN.subarray(0, ends[2]), Buffer.alloc(70_000)]))
    expect(await repairSegment(path)).toMatchObject({ outcome: 'repaired', removed: 70_000, segment: { frames: 10 } })
  })

  it('does not touch a file that has nothing to keep', async () => {
    for (let length = ends[0]!; length < ends[1]!; length += 7) {
      const bytes = OPEN.subarray(0, length)
      const path = file('empty.mp4', bytes)
      expect(await repairSegment(path)).toMatchObject({ outcome: 'empty', segment: { frames: 0 } })
      expect(readFileSync(path)).toEqual(Buffer.from(bytes))
    }
  })

  it('does not cut where whole fragments stand behind the damage', async () => {
    const bytes = Buffer.from(OPEN)
    bytes.fill(0, ends[1]! + 4, ends[1]! + 60)
    const path = file('hole.mp4', bytes)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'damaged', removed: 0, segment: { frames: 5 } })
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('does not call a file empty that has whole fragments behind a damaged first one', async () => {
    const bytes = Buffer.from(OPEN)
    bytes.fill(0, ends[0]! + 4, ends[0]! + 60)
    expect(await repairSegment(file('first.mp4', bytes))).toMatchObject({ outcome: 'damaged', segment: { frames: 0 } })
  })

  it('does not touch a closed file that was damaged later', async () => {
    const bytes = CLOSED.subarray(0, CLOSED.length - 10)
    const path = file('later.mp4', bytes)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'damaged' })
    expect(readFileSync(path)).toEqual(Buffer.from(bytes))
  })

  it('does not touch a file that is not ours', async () => {
    const bytes = Buffer.from(OPEN)
    bytes.write('skip', bytes.indexOf('uuid'))
    const path = file('foreign.mp4', bytes)
    expect(await repairSegment(path)).toMatchObject({ outcome: 'foreign' })
    expect(readFileSync(path)).toEqual(bytes)
  })
})
