import { describe, expect, it } from 'vitest'
import { StreamStatistics } from '../../../src/media/source/statistics.ts'

function run(statistics: StreamStatistics, seconds: number, fps = 25, from = 0): number {
  let now = from
  for (let i = 0; i < seconds * fps; i++) {
    now = from + (i * 1_000) / fps
    statistics.bytes(now, 20_000)
    statistics.frame(now, now, i % 50 === 0)
  }
  return now
}

describe('stream statistics', () => {
  it('measures frame rate, bit rate and GOP', () => {
    const statistics = new StreamStatistics()
    const now = run(statistics, 20)
    expect(statistics.figures(now)).toMatchObject({ fps: 25, bitrate: 4_000_000, gop: 2_000 })
    expect(statistics.frameInterval).toBeCloseTo(40)
    expect(statistics.framesReceived).toBe(500)
  })

  it('knows nothing in the first second', () => {
    const statistics = new StreamStatistics()
    const now = run(statistics, 0.5, 20, 1_000)
    expect(statistics.figures(now)).toMatchObject({ fps: null, bitrate: null })
  })

  it('falls to zero when nothing comes for ten seconds', () => {
    const statistics = new StreamStatistics()
    const now = run(statistics, 5)
    expect(statistics.figures(now + 12_000)).toMatchObject({ fps: 0, bitrate: 0 })
  })

  it('is not misled about the frame interval by one pause, and follows a camera that slows down', () => {
    const statistics = new StreamStatistics()
    run(statistics, 5)
    statistics.frame(6_000, 6_000, false)
    expect(statistics.frameInterval).toBeLessThan(45)
    for (let at = 7_000; at < 67_000; at += 1_000) statistics.frame(at, at, false)
    expect(statistics.frameInterval).toBeGreaterThan(700)
  })

  it('finds the frame interval of a camera that began with two frames of one moment', () => {
    const statistics = new StreamStatistics()
    for (const at of [0, 0]) statistics.frame(at, at, false)
    for (let at = 200; at < 30_000; at += 200) statistics.frame(at, at, false)
    expect(statistics.frameInterval).toBeGreaterThan(150)
  })

  it('begins anew with a connection, and goes on counting frames', () => {
    const statistics = new StreamStatistics()
    run(statistics, 5)
    statistics.restart()
    const now = run(statistics, 3, 10, 60_000)
    expect(statistics.figures(now + 100)).toMatchObject({ fps: 10 })
    expect(statistics.framesReceived).toBe(155)
  })
})
