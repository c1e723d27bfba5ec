import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPlayback, type PlaybackEnd } from '../../../src/recording/export/playback.ts'
import type { EncodedTrack } from '../../support/encoded-media.ts'
import { AAC, H264, H265, readFile } from '../../wire/mp4/support.ts'
import { madeTrack, START, TestArchive } from './support.ts'

let archive: TestArchive
beforeEach(() => {
  archive = new TestArchive()
})
afterEach(() => archive[Symbol.dispose]())

/** Two seconds of pictures, 25 a second, shown two later than they are decoded; a key frame each second. */
function pictures(seed: number, parameters = H264): EncodedTrack {
  const frames = Array.from({ length: 50 }, (_, number) => ({
    decodeTime: number * 3_600,
    compositionOffset: 7_200,
    duration: 3_600,
    key: number % 25 === 0,
  }))
  return madeTrack({ timescale: 90_000, parameters }, frames, seed, () => 40)
}

function sound(seed: number): EncodedTrack {
  const frames = Array.from({ length: 93 }, (_, number) => ({
    decodeTime: number * 1_024,
    compositionOffset: 0,
    duration: 1_024,
    key: true,
  }))
  return madeTrack({ timescale: 48_000, parameters: AAC }, frames, seed, () => 12)
}

async function play(from: number, to: number, more = {}, signal?: AbortSignal) {
  const span = { from: START + from, to: START + to, keepGaps: true, audio: true }
  const playback = await openPlayback(archive, { camera: 'gate-1', stream: 'main', ...span, ...more }, signal)
  const parts: Buffer[] = []
  let end: PlaybackEnd | undefined
  while (!end) {
    const { done, value } = await playback.bytes.next()
    if (done) end = value
    else parts.push(value)
  }
  const bytes = Buffer.concat(parts)
  const { init, fragments, end: tail } = readFile(bytes)
  const runs = (track: number) => fragments.flatMap(fragment => fragment.runs.filter(run => run.trackId === track))
  const times = (track: number) =>
    runs(track).flatMap(({ decodeTime, durations }) => {
      let next = decodeTime
      return [...durations].map(duration => {
        next += duration
        return next - duration
      })
    })
  const seeds = (track: number) =>
    runs(track).flatMap(run => [...run.offsets].map((offset, at) => bytes[offset + run.sizes[at]! - 1]!))
  return { playback, parts, end, init, fragments, tail, times, seeds }
}

describe('playback', () => {
  it('is one fragmented file over segments, from the key frame before', async () => {
    archive.add({ tracks: [pictures(1), sound(11)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(2), sound(12)], at: 2_009, session: 'a', number: 1, mediaTime: 180_000 })
    const { playback, end, init, tail, times, seeds, fragments } = await play(1_500, 3_010)
    expect(playback.from).toBe(START + 1_000)
    expect(end).toEqual({ reason: 'end' })
    expect(tail?.type).toBe('whole')
    expect(init?.tracks.map(({ codec }) => codec)).toEqual(['h264', 'aac'])
    expect(times(1)).toEqual(Array.from({ length: 51 }, (_, number) => number * 3_600))
    expect(seeds(1)).toEqual([...Array(25).fill(1), ...Array(26).fill(2)])
    expect(fragments.map(({ sequence }) => sequence)).toEqual(fragments.map((_, index) => index + 1))
    // The sound of the time that is played, less than a packet off; the first picture is shown two frames in.
    expect(times(2)[0]! / 48_000).toBeGreaterThanOrEqual(0.079)
    expect(times(2)[0]! / 48_000).toBeLessThan(0.08 + 0.022)
    expect(times(2).at(-1)! / 48_000).toBeGreaterThan(1.9)
    expect(new Set(seeds(2))).toEqual(new Set([11, 12]))
  })

  it('keeps gaps as jumps in time, or closes them', async () => {
    archive.add({ tracks: [pictures(1)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(2)], at: 62_000, session: 'b', number: 0 })
    expect((await play(0, 70_000)).times(1)[50]).toBe(62 * 90_000)
    expect((await play(0, 70_000, { keepGaps: false })).times(1)[50]).toBe(2 * 90_000)
  })

  it('ends where parameters change, and goes on from there when asked again', async () => {
    archive.add({ tracks: [pictures(1)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(2, H265)], at: 2_000, session: 'b', number: 0 })
    const first = await play(0, 4_000)
    expect(first.end).toEqual({ reason: 'parameters', at: START + 2_000 })
    expect(first.tail?.type).toBe('whole')
    const second = await play(2_000, 4_000)
    expect(second.end).toEqual({ reason: 'end' })
    expect(second.init?.tracks.map(({ codec }) => codec)).toEqual(['h265'])
  })

  it('goes over a segment that vanishes while it is played', async () => {
    const rows = [0, 1, 2].map(number =>
      archive.add({ tracks: [pictures(number + 1)], at: number * 2_000, session: `s${number}`, number: 0 }),
    )
    const span = { from: START, to: START + 6_000, keepGaps: true, audio: true }
    const { bytes } = await openPlayback(archive, { camera: 'gate-1', stream: 'main', ...span })
    const parts: Buffer[] = []
    for await (const part of bytes) {
      if (parts.push(part) === 2) for (const { path } of rows.slice(0, 2)) rmSync(archive.absolute(path))
    }
    const { fragments, end: tail } = readFile(Buffer.concat(parts))
    expect(tail?.type).toBe('whole')
    expect(fragments.map(({ runs }) => runs[0]!.decodeTime / 90_000)).toEqual([0, 4, 4.8, 5.6])
  })

  it('holds one fragment at a time, whatever the span', async () => {
    for (let number = 0; number < 20; number++) {
      archive.add({
        tracks: [pictures(number + 1)],
        at: number * 2_000,
        session: 'a',
        number,
        mediaTime: number * 180_000,
      })
    }
    const { parts } = await play(0, 40_000)
    expect(parts.length).toBe(1 + 60)
    for (const part of parts.slice(1)) expect(part.length).toBeLessThan(1_500)
  })

  it('holds some megabytes, however large a fragment of the source is', async () => {
    const frames = Array.from({ length: 20 }, (_, frame) => ({
      decodeTime: frame * 9_000,
      compositionOffset: 0,
      duration: 9_000,
      key: frame === 0,
    }))
    const track = madeTrack({ timescale: 90_000, parameters: H264 }, frames, 1, () => 1024 * 1024)
    archive.add({ tracks: [track], at: 0, session: 'a', number: 0, fragment: 60 })
    const { parts } = await play(0, 2_000)
    expect(parts.length).toBe(1 + 3)
    for (const part of parts) expect(part.length).toBeLessThan(9 * 1024 * 1024)
    expect(readFile(Buffer.concat(parts)).fragments.flatMap(({ runs }) => runs.map(({ count }) => count))).toEqual([
      8, 8, 4,
    ])
  })

  it('stops when it is told to', async () => {
    archive.add({ tracks: [pictures(1)], at: 0, session: 'a', number: 0 })
    const abort = new AbortController()
    const span = { from: START, to: START + 6_000, keepGaps: true, audio: true }
    const { bytes } = await openPlayback(archive, { camera: 'gate-1', stream: 'main', ...span }, abort.signal)
    await bytes.next()
    abort.abort(new Error('closed'))
    await expect(bytes.next()).rejects.toThrow('closed')
  })

  it('of nothing is told before a byte is given', async () => {
    await expect(play(0, 1_000)).rejects.toMatchObject({ code: 'VMS_E_NO_FOOTAGE' })
  })
})
