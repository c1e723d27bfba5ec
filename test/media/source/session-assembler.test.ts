import { describe, expect, it } from 'vitest'
import type { MediaSession } from '../../../src/media/frame.ts'
import { CameraStreamHub } from '../../../src/media/hub/index.ts'
import { SlabPool } from '../../../src/media/memory/slab.ts'
import { SessionAssembler } from '../../../src/media/source/session-assembler.ts'
import type { CodecParameters } from '../../../src/wire/track.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { track } from '../recorder/synthetic-camera.ts'

const H264: CodecParameters = {
  codec: 'h264',
  sps: Buffer.from('6742c00cda05067e7c0440000003004000000c83c50aa8', 'hex'),
  pps: [Buffer.from('68ce0fc8', 'hex')],
}
const PCMU: CodecParameters = { codec: 'pcmu', sampleRate: 8_000, channels: 1 }
const FRAME = 40

/** A connection with picture and sound, and what comes of it. */
function connection() {
  const clock = new FakeClock()
  const hub = new CameraStreamHub()
  const pool = new SlabPool()
  const sessions: MediaSession[] = []
  const ends: string[] = []
  const frames: { track: number; seconds: number; dts: number; key: boolean; arrived: number; wall: number }[] = []
  hub.subscribe({
    session: session => void sessions.push(session),
    frame: ({ track, pts, dts, key, arrived }) =>
      frames.push({ track, seconds: pts / (track === 0 ? 90_000 : 8_000), dts, key, arrived, wall: clock.wall() }),
    ended: reason => void ends.push(reason),
  })
  const assembler = new SessionAssembler(
    [
      [track(0, H264, 90_000), H264],
      [track(1, PCMU, 8_000), PCMU],
    ],
    { camera: 'a', stream: 'main', hub, clock, random: () => 0.5, reason: 'first', onVideo: () => {} },
  )
  const unit = (index: number, ticks: number, key: boolean) => {
    const slab = pool.take(100)
    assembler.unit(index, { slab, start: 0, end: 100 }, Math.round(ticks), key)
  }
  return { clock, pool, hub, assembler, sessions, ends, frames, unit }
}

describe('session assembler', () => {
  it('keeps sound beside the picture for hours, whose clock is 0.1 % fast', () => {
    const { clock, frames, unit } = connection()
    for (let frame = 0; frame < (3_600_000 * 2) / FRAME; frame++) {
      unit(0, frame * FRAME * 90, frame % 50 === 0)
      unit(1, frame * FRAME * 8 * 1.001, true)
      clock.advance(FRAME)
      if (frame > 1_000) expect(Math.abs(frames.at(-1)!.seconds - frames.at(-2)!.seconds)).toBeLessThan(0.03)
    }
  })

  it('begins another session when the camera is put back by two seconds, with decode times that go on', () => {
    const { clock, sessions, ends, frames, unit } = connection()
    for (let frame = 0; frame < 500; frame++) {
      const back = frame >= 260 ? 2_000 : 0
      unit(0, (frame * FRAME - back) * 90, frame % 50 === 0)
      unit(1, (frame * FRAME - back) * 8, true)
      clock.advance(FRAME)
    }
    expect(sessions.map(({ reason }) => reason)).toEqual(['first', 'clock-step'])
    expect(ends).toEqual(["camera's media clock went back"])
    // 260 ended it; the next key frame is 300.
    const video = frames.filter(({ track }) => track === 0)
    expect(video).toHaveLength(460)
    for (const after of [video.slice(0, 260), video.slice(260)]) {
      expect(after[0]).toMatchObject({ seconds: 0, key: true })
      for (const [index, { dts }] of after.entries()) expect(dts).toBe(index * FRAME * 90)
    }
    // The sound has come along.
    const [picture, sound] = [frames.findLast(each => each.track === 0)!, frames.findLast(each => each.track === 1)!]
    expect(Math.abs(picture.seconds - sound.seconds)).toBeLessThan(FRAME / 1_000)
  })

  it('begins another session when a young one is put back to before its beginning', () => {
    const { clock, sessions, frames, unit } = connection()
    for (let frame = 0; frame < 10; frame++, clock.advance(FRAME)) unit(0, frame * FRAME * 90, frame === 0)
    for (let frame = 0; frame < 10; frame++, clock.advance(FRAME)) unit(0, (frame * FRAME - 5_000) * 90, frame === 0)
    expect(sessions).toHaveLength(2)
    expect(frames).toHaveLength(20)
  })

  it('tells when frames arrived, not when they were read', () => {
    const { clock, frames, unit } = connection()
    for (let read = 0; read < 100; read++) {
      clock.advance(200)
      for (let frame = read * 5; frame < read * 5 + 5; frame++) unit(0, frame * FRAME * 90, frame % 50 === 0)
    }
    const times = frames.slice(-200).map(({ arrived }) => arrived)
    for (const [index, time] of times.slice(1).entries()) expect(time - times[index]!).toBe(FRAME)
    expect(frames.at(-1)!.wall - frames.at(-1)!.arrived).toBe(0)
  })

  it('holds no memory of what it hands on', () => {
    const { hub, pool, assembler, unit } = connection()
    unit(1, 0, true)
    unit(0, 0, true)
    unit(0, -90_000, false)
    assembler.close('over')
    expect(hub.session).toBeUndefined()
    expect(pool.used).toBe(0)
  })
})
