import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import type { Frame, MediaSession } from '../../src/media/frame.ts'
import { CameraStreamHub } from '../../src/media/hub/index.ts'
import { FrameWriter } from '../../src/media/memory/frame-writer.ts'
import { SlabPool } from '../../src/media/memory/slab.ts'
import { CameraRecorder, DiskWriter, ensureStorage } from '../../src/media/recorder/index.ts'
import { follows } from '../../src/wire/mp4/index.ts'
import { readArchive } from '../media/recorder/read-archive.ts'
import { track } from '../media/recorder/synthetic-camera.ts'
import { type EncodedTrack, encodeAudio, encodeVideo } from '../support/encoded-media.ts'
import { hasProgram } from '../support/programs.ts'

let base: string

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'vmsctl-playback-'))
})
afterAll(() => rmSync(base, { recursive: true }))

/** Publishes whole tracks through a hub, in order of time, as one session; gives its id. */
function publish(hub: CameraStreamHub, pool: SlabPool, tracks: readonly EncodedTrack[]): string {
  const session: MediaSession = {
    id: 'session-1',
    camera: 'gate-1',
    stream: 'main',
    tracks: tracks.map(({ parameters, timescale }, index) => ({
      source: track(index, parameters, timescale),
      parameters,
    })),
    video: 0,
    reason: 'first',
    clockOffset: undefined,
  }
  hub.begin(session)
  const writers = tracks.map(() => new FrameWriter(pool))
  const start = Date.now()
  const all = tracks.flatMap(({ units, timescale }, index) =>
    units.map((unit, number) => ({ unit, index, number, time: unit.decodeTime / timescale })),
  )
  all.sort((a, b) => a.time - b.time)
  for (const { unit, index, number, time } of all) {
    const writer = writers[index]!
    writer.append(unit.bytes, 0, unit.bytes.length)
    const range = writer.take()!
    const frame: Frame = {
      ...range,
      track: index,
      dts: unit.decodeTime,
      pts: unit.decodeTime + unit.compositionOffset,
      key: unit.key,
      arrived: start + time * 1_000,
      number,
    }
    hub.publish(frame)
    range.slab.release()
  }
  for (const writer of writers) writer.close()
  hub.end('stopped')
  return session.id
}

describe.skipIf(!hasProgram('ffmpeg'))('segments of real media (needs ffmpeg)', () => {
  const cases = [
    { name: 'H.264 with B-frames and AAC', video: { codec: 'h264', bFrames: 2 }, audio: 'aac' },
    { name: 'H.264 and PCMU', video: { codec: 'h264', bFrames: 0 }, audio: 'pcmu' },
    { name: 'H.265', video: { codec: 'h265', bFrames: 0 }, audio: undefined },
  ] as const

  it.each(cases)('$name: every unit is stored byte for byte, and ffmpeg decodes every file', async shape => {
    const path = join(base, shape.name.replaceAll(' ', '-'))
    const { id } = await ensureStorage(path, new Date())
    const tracks = [encodeVideo(base, { ...shape.video, seconds: 7 })]
    if (shape.audio) tracks.push(encodeAudio(base, shape.audio, 7))
    const settings = {
      path,
      id,
      segment: 2_000,
      names: 'utc' as const,
      timezone: 'UTC',
      syncPeriod: 0,
      memory: 64 * 1024 * 1024,
    }
    const pool = new SlabPool()
    const disk = new DiskWriter({ site: 'test', settings, clock: systemClock, log: silentLogger })
    const recorder = new CameraRecorder({
      camera: 'gate-1',
      stream: 'main',
      settings,
      disk,
      clock: systemClock,
      journal: { append: () => {} },
      log: silentLogger,
    })
    const hub = new CameraStreamHub()
    const leave = hub.subscribe(recorder)
    publish(hub, pool, tracks)
    leave()
    await recorder.stop('stopped')
    expect(pool.used).toBe(0)

    const segments = readArchive(path)
    expect(segments.length).toBeGreaterThanOrEqual(4)
    for (const [index, { units }] of tracks.entries()) {
      const stored = segments.flatMap(segment => segment.frames).filter(frame => frame.track === index)
      expect(stored.length).toBe(units.length)
      for (const [number, frame] of stored.entries()) {
        const unit = units[number]!
        expect(frame.bytes.equals(unit.bytes)).toBe(true)
        expect(frame.key).toBe(unit.key)
        // Ticks of audio are rounded when a file's time 0 is the video's.
        expect(Math.abs(frame.dts - unit.decodeTime)).toBeLessThanOrEqual(index)
        expect(frame.pts - frame.dts).toBe(unit.compositionOffset)
      }
    }
    let decoded = 0
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1]
      if (next) expect(follows(segment.mark, segment.duration, next.mark)).toBe(true)
      const args = ['-v', 'error', '-nostdin', '-i', join(path, segment.path)]
      const full = spawnSync('ffmpeg', [...args, '-f', 'null', '-'], { encoding: 'utf8' })
      expect({ path: segment.path, status: full.status, stderr: full.stderr }).toEqual({
        path: segment.path,
        status: 0,
        stderr: '',
      })
      const frames = spawnSync('ffmpeg', [...args, '-map', '0:v', '-f', 'framemd5', '-'], { encoding: 'utf8' })
      decoded += frames.stdout.split('\n').filter(line => /^0,/.test(line)).length
    }
    expect(decoded).toBe(tracks[0]!.units.length)
  })
})
