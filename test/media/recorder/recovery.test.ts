import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readArchive } from './read-archive.ts'
import { Bench } from './recording-bench.ts'
import { SyntheticCamera } from './synthetic-camera.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open({ settings: { segment: 60_000 } })
})

afterEach(async () => {
  await bench.stop()
  expect(bench.pool.used).toBe(0)
  bench.expectHashes()
  bench.remove()
})

/** Records for some seconds, and leaves the archive as a killed worker would. Gives the path of the open file. */
async function crashed(seconds: number, torn: number): Promise<string> {
  const camera = bench.camera('gate-1')
  camera.begin('first')
  await bench.play(seconds)
  const { segment } = bench.recorders[0]!.status()
  const path = join(bench.path, segment!)
  const image = readFileSync(path)
  await bench.stop()
  writeFileSync(path, image)
  if (torn > 0) truncateSync(path, image.length - torn)
  bench.entries.length = 0
  return path
}

async function recordAgain(id: string, resume: boolean): Promise<SyntheticCamera> {
  const camera = new SyntheticCamera({ id, pool: bench.pool, reader: bench.recorder(id, resume) })
  bench.cameras.push(camera)
  camera.begin('first')
  await bench.play(2)
  return camera
}

describe('a recorder that finds an earlier recording', () => {
  it('repairs what a crash left open, enters it in the journal, and counts the time since', async () => {
    const path = await crashed(5.3, 0)
    await bench.pass(10_000)
    await recordAgain('gate-1', false)
    expect(bench.segments()).toEqual([])
    await bench.play(3)
    await bench.stop()
    const [repaired] = bench.segments()
    expect(repaired).toMatchObject({ ended: 'repaired', began: 'first', frames: 120, camera: 'gate-1', codec: 'h264' })
    expect(join(bench.path, repaired!.path)).toBe(path)
    expect(repaired!.end - repaired!.start).toBe(4_800)
    const [first, second] = readArchive(bench.path)
    expect(first!.end).toMatchObject({ reason: 'repaired', frames: 120 })
    expect(second!.mark.reason).toBe('resumed')
    // 0.5 s that were in memory, and the time in which nothing ran.
    expect(bench.gaps()).toEqual([
      { type: 'gap', camera: 'gate-1', start: repaired!.end, end: second!.mark.wallStart, reason: 'worker restarted' },
    ])
    const missing = second!.mark.wallStart - repaired!.end
    expect(missing).toBeGreaterThanOrEqual(10_500)
    expect(missing).toBeLessThan(10_800)
  })

  it('cuts a torn fragment off', async () => {
    await crashed(5.3, 1_234)
    await recordAgain('gate-1', false)
    await bench.play(3)
    await bench.stop()
    const [first] = readArchive(bench.path)
    expect(first!.tail).toBe('whole')
    expect(first!.frames).toHaveLength(100)
    expect(bench.segments()[0]).toMatchObject({ ended: 'repaired', frames: 100 })
  })

  it('repairs what several crashes left, also behind a segment that was closed in order', async () => {
    const first = await crashed(5.3, 0)
    const second = await crashed(2.3, 0)
    const images = [first, second].map(path => ({ path, image: readFileSync(path) }))
    await recordAgain('gate-1', true)
    await bench.stop()
    // As if each worker had ended before the three seconds were over after which files are repaired.
    await bench.pass(5_000)
    for (const { path, image } of images) writeFileSync(path, image)
    bench.entries.length = 0
    expect(readArchive(bench.path).map(({ end }) => end?.reason)).toEqual([undefined, undefined, 'stopped'])
    await recordAgain('gate-1', false)
    await bench.play(3)
    await bench.stop()
    const repaired = bench.segments().filter(({ ended }) => ended === 'repaired')
    expect(repaired.map(({ frames }) => frames)).toEqual([120, 40])
    expect(join(bench.path, repaired[1]!.path)).toBe(second)
    expect(bench.gaps()).toEqual([])
  })

  it('removes what a crash left before its first fragment was whole', async () => {
    const path = await crashed(5.3, 0)
    const image = readFileSync(path)
    const hollow = [path.replace('.mp4', '-2.mp4'), path.replace('.mp4', '-3.mp4')]
    writeFileSync(hollow[0]!, '')
    writeFileSync(hollow[1]!, image.subarray(0, image.indexOf('moof') + 100))
    await recordAgain('gate-1', true)
    expect(hollow.map(existsSync)).toEqual([true, true])
    await bench.play(3)
    await bench.stop()
    expect(hollow.map(existsSync)).toEqual([false, false])
    expect(bench.segments().map(({ ended }) => ended)).toEqual(['repaired', 'stopped'])
    expect(bench.gaps()).toHaveLength(1)
  })

  it('leaves a file alone that somebody still writes', async () => {
    const path = await crashed(3.3, 0)
    await recordAgain('gate-1', false)
    const image = Buffer.concat([readFileSync(path), Buffer.alloc(100)])
    writeFileSync(path, image)
    await bench.play(4)
    expect(readFileSync(path).equals(image)).toBe(true)
  })

  it('counts nothing when the earlier recording was ended on purpose, unless its worker died', async () => {
    for (const resume of [false, true]) {
      const id = `cam-${resume}`
      const camera = bench.camera(id)
      camera.begin('first')
      await bench.play(2)
      await bench.stop()
      bench.entries.length = 0
      await bench.pass(5_000)
      await recordAgain(id, resume)
      await bench.stop()
      const gaps = bench.gaps()
      expect(gaps.map(({ reason }) => reason)).toEqual(resume ? ['worker restarted'] : [])
      if (resume) expect(gaps[0]!.end - gaps[0]!.start).toBeGreaterThanOrEqual(5_000)
    }
  })

  it('passes over files that are no segments, and removes nothing of others', async () => {
    const path = await crashed(2.3, 0)
    const later = join(path, '..', '20261123T235959Z.mp4')
    writeFileSync(later, 'not a film')
    await recordAgain('gate-1', false)
    await bench.play(3)
    await bench.stop()
    expect(bench.segments()[0]).toMatchObject({ ended: 'repaired', frames: 40 })
    expect(existsSync(later)).toBe(true)
  })
})
