import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { follows } from '../../../src/wire/mp4/index.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { readArchive, type StoredSegment } from './read-archive.ts'
import { Bench } from './recording-bench.ts'
import type { Sent } from './synthetic-camera.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
})

afterEach(async () => {
  await bench.stop()
  expect(bench.pool.used).toBe(0)
  expect(bench.disk.waiting).toBe(0)
  bench.expectHashes()
  bench.remove()
})

function videoOf(sent: readonly Sent[], session: string) {
  return sent.filter(frame => frame.session === session && frame.track === 0)
}

/** Every frame of the session, in order, once, byte for byte and tick for tick. */
function expectWhole(segments: readonly StoredSegment[], sent: readonly Sent[], session: string): void {
  const stored = segments.filter(segment => segment.mark.session === session).flatMap(segment => segment.frames)
  for (const track of [0, 1]) {
    const expected = sent.filter(frame => frame.session === session && frame.track === track)
    const found = stored.filter(frame => frame.track === track)
    expect(found.map(frame => frame.bytes.readUInt32BE(4))).toEqual(expected.map(frame => frame.bytes.readUInt32BE(4)))
    for (const [index, frame] of found.entries()) {
      const { dts, pts, key, bytes } = expected[index]!
      expect(frame.bytes.equals(bytes)).toBe(true)
      expect(frame.key).toBe(key)
      expect(Math.abs(frame.dts - dts)).toBeLessThanOrEqual(track)
      expect(frame.pts - frame.dts).toBe(pts - dts)
    }
  }
}

describe('CameraRecorder', () => {
  it('puts every frame on disk once, cut on key frames with nothing between', async () => {
    const camera = bench.camera('gate-1', { audio: true })
    const { id } = camera.begin('first')
    await bench.play(11)
    await bench.stop()
    const segments = readArchive(bench.path)
    expectWhole(segments, camera.sent, id)
    expect(segments.length).toBeGreaterThanOrEqual(4)
    for (const [index, segment] of segments.entries()) {
      expect(segment.tail).toBe('whole')
      expect(segment.frames.find(frame => frame.track === 0)!.key).toBe(true)
      expect(segment.mark).toMatchObject({ site: 'warehouse', camera: 'gate-1', stream: 'main', number: index })
      expect(segment.mark.reason).toBe(index === 0 ? 'first' : 'duration')
      expect(segment.end).toEqual({
        duration: segment.duration,
        frames: segment.frames.filter(frame => frame.track === 0).length,
        reason: index === segments.length - 1 ? 'stopped' : 'duration',
        sha256: hashByHand(readFileSync(join(bench.path, segment.path))).found,
      })
      for (const seconds of segment.fragments.slice(0, -1)) expect(seconds).toBeCloseTo(0.8)
      const next = segments[index + 1]
      if (next) expect(follows(segment.mark, segment.duration, next.mark)).toBe(true)
    }
    expect(bench.gaps()).toEqual([])
    expect(bench.segments().map(({ path, bytes, frames, sha256 }) => ({ path, bytes, frames, sha256 }))).toEqual(
      segments.map(({ path, frames, end }) => ({
        path,
        bytes: expect.any(Number),
        frames: frames.filter(frame => frame.track === 0).length,
        sha256: end!.sha256,
      })),
    )
  })

  it('begins a segment for each session and says why, and counts what is missing between', async () => {
    const camera = bench.camera('gate-1')
    const first = camera.begin('first')
    await bench.play(2)
    camera.end('connection lost')
    await bench.pass(4_000)
    bench.recorders[0]!.missing('refused')
    await bench.pass(2_000)
    const second = camera.begin('reconnect')
    await bench.play(2)
    const third = camera.begin('parameters')
    await bench.play(1)
    await bench.settle()
    const { lost } = bench.recorders[0]!.status()
    await bench.stop()
    const segments = readArchive(bench.path)
    for (const { id } of [first, second, third]) expectWhole(segments, camera.sent, id)
    expect(segments.map(({ mark }) => [mark.session, mark.number, mark.reason])).toEqual([
      [first.id, 0, 'first'],
      [second.id, 0, 'reconnect'],
      [third.id, 0, 'parameters'],
    ])
    expect(lost).toEqual({ 'connection lost': 4, refused: 2 })
    expect(bench.gaps().map(({ start, end, reason }) => [end - start, reason])).toEqual([
      [4_000, 'connection lost'],
      [2_000, 'refused'],
    ])
  })

  it('writes nothing before a key frame, and begins anew where frames are missing', async () => {
    const camera = bench.camera('gate-1', { gop: 50 })
    camera.begin('first')
    for (let frame = 0; frame < 20; frame++) camera.lose()
    await bench.play(5)
    camera.lose()
    await bench.play(4)
    await bench.stop()
    const segments = readArchive(bench.path)
    // 0..19 never came; 20..49 are no use without their key frame; 145 is lost, and the rest of its group with it.
    const numbers = segments.map(segment => {
      const found = segment.frames.map(frame => frame.bytes.readUInt32BE(4))
      return found.map(count => camera.sent.find(frame => frame.bytes.readUInt32BE(4) === count)!.number)
    })
    expect(numbers.flat()[0]).toBe(50)
    const all = numbers.flat()
    expect(all).toContain(144)
    expect(all.filter(number => number > 144)[0]).toBe(150)
    expect(segments.at(-1)!.mark.reason).toMatch(/duration|frames-dropped/)
    expect(segments.some(({ mark }) => mark.reason === 'frames-dropped')).toBe(true)
    expect(bench.gaps().map(({ end, start, reason }) => [Math.round(end - start), reason])).toEqual([
      [1_200, 'starting'],
      [160, 'frames dropped'],
    ])
  })

  it('starts a segment when the clock is set, without losing a frame', async () => {
    const camera = bench.camera('gate-1')
    const { id } = camera.begin('first')
    await bench.play(1)
    bench.clock.step(3_600_000)
    await bench.play(2)
    await bench.stop()
    const segments = readArchive(bench.path)
    expectWhole(segments, camera.sent, id)
    expect(segments.map(({ mark }) => mark.reason)).toContain('clock-step')
    expect(bench.gaps()).toEqual([])
  })

  it('never overwrites: two sessions of one second have files of their own', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(0.2)
    camera.begin('reconnect')
    await bench.play(0.2)
    camera.begin('reconnect')
    await bench.play(0.2)
    await bench.stop()
    expect(readdirSync(`${bench.path}/gate-1/main/2026-11-23`).sort()).toEqual([
      '20261123T183000Z-2.mp4',
      '20261123T183000Z-3.mp4',
      '20261123T183000Z.mp4',
    ])
  })

  it('records a camera that has one frame', async () => {
    const camera = bench.camera('gate-1')
    const { id } = camera.begin('first')
    camera.frame(bench.clock.wall())
    await bench.stop()
    expectWhole(readArchive(bench.path), camera.sent, id)
    expect(videoOf(camera.sent, id)).toHaveLength(1)
  })

  it('reports what it does', async () => {
    const camera = bench.camera('gate-1')
    const [recorder] = bench.recorders
    expect(recorder!.status()).toMatchObject({ active: false, reason: 'no stream', segment: null, segments: 0 })
    camera.begin('first')
    expect(recorder!.status()).toMatchObject({ active: false, reason: 'waiting for a key frame' })
    await bench.play(1.2)
    await bench.settle()
    const status = recorder!.status()
    expect(status).toMatchObject({ active: true, reason: null, segments: 1, framesWritten: 20, lost: {} })
    expect(status.segment).toBe('gate-1/main/2026-11-23/20261123T183000Z.mp4')
    expect(status.lastWritten).toBe(Date.UTC(2026, 10, 23, 18, 30, 0, 800))
    await bench.stop()
    expect(recorder!.status()).toMatchObject({ active: false, reason: 'stopped', segment: null, framesWritten: 30 })
  })
})
