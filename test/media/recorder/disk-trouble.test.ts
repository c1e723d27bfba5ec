import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MARKER_FILE } from '../../../src/media/recorder/index.ts'
import type { FaultyFs } from './faulty-fs.ts'
import { readArchive, type StoredSegment } from './read-archive.ts'
import { Bench } from './recording-bench.ts'
import type { SyntheticCamera } from './synthetic-camera.ts'

let fs: FaultyFs
let bench: Bench

async function open(memory = 64 * 1024 * 1024): Promise<void> {
  bench = await Bench.open({ settings: { memory } })
  fs = bench.fs
}

async function close(): Promise<void> {
  fs.fault = () => undefined
  fs.hold = undefined
  await bench.stop()
  expect(bench.pool.used).toBe(0)
  expect(bench.disk.waiting).toBe(0)
  bench.expectHashes()
  bench.remove()
}

beforeEach(() => open())
afterEach(close)

const writes = (code: string) => (call: { name: string }) =>
  call.name === 'writev' || call.name === 'open' ? code : undefined

function segmentsOf(camera: SyntheticCamera, all: readonly StoredSegment[]): StoredSegment[] {
  const sessions = new Set(camera.sent.map(({ session }) => session))
  return all.filter(({ mark }) => sessions.has(mark.session))
}

/** Numbers of the camera's frames on disk. What is stored must be what was sent, and in order. */
function storedNumbers(camera: SyntheticCamera, all: readonly StoredSegment[]): number[] {
  const byCount = new Map(camera.sent.map(sent => [sent.bytes.readUInt32BE(4), sent]))
  const numbers: number[] = []
  for (const segment of segmentsOf(camera, all)) {
    expect(segment.tail).toBe('whole')
    expect(segment.frames[0]?.key).toBe(true)
    let before: number | undefined
    for (const frame of segment.frames) {
      const sent = byCount.get(frame.bytes.readUInt32BE(4))!
      expect(frame.bytes.equals(sent.bytes)).toBe(true)
      expect(frame.dts).toBe(sent.dts)
      if (before !== undefined) expect(sent.number).toBe(before + 1)
      before = sent.number
      numbers.push(sent.number)
    }
  }
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  return numbers
}

describe('a disk in trouble', () => {
  it.each(['ENOSPC', 'EROFS', 'EIO', 'EDQUOT'])('loses nothing of 20 cameras to 5 s of %s', async code => {
    const cameras = Array.from({ length: 20 }, (_, index) => bench.camera(`cam-${index}`))
    for (const camera of cameras) camera.begin('first')
    await bench.play(2.2)
    fs.fault = writes(code)
    await bench.play(5)
    const during = bench.recorders[3]!.status()
    fs.fault = () => undefined
    await bench.play(4)
    await bench.settle()
    const after = bench.recorders.map(recorder => recorder.status())
    await bench.stop()
    const reasons = {
      ENOSPC: 'disk full',
      EROFS: 'disk is read-only',
      EIO: 'disk I/O error',
      EDQUOT: 'disk quota reached',
    }
    expect(during).toMatchObject({ active: false, reason: reasons[code as keyof typeof reasons] })
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null, lost: {} })
    const all = readArchive(bench.path)
    for (const camera of cameras) {
      expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length)
      for (const { mark } of segmentsOf(camera, all).slice(1)) expect(mark.reason).toBe('duration')
    }
    expect(bench.gaps()).toEqual([])
  })

  it('completes what the disk takes in pieces', async () => {
    fs.takes = 1_003
    const camera = bench.camera('gate-1', { audio: false })
    camera.begin('first')
    let count = 0
    fs.fault = call => (call.name === 'writev' && ++count % 7 === 0 ? 'ENOSPC' : undefined)
    fs.takes = 20_011
    await bench.play(6)
    fs.fault = () => undefined
    await bench.pass(3_000)
    await bench.stop()
    expect(storedNumbers(camera, readArchive(bench.path))).toHaveLength(camera.sent.length)
  })

  it('drops whole groups when memory is used up, says how much and why, and resumes by itself', async () => {
    await close()
    const memory = 4 * 1024 * 1024
    await open(memory)
    const cameras = Array.from({ length: 4 }, (_, index) => bench.camera(`cam-${index}`, { size: 8_000 }))
    for (const camera of cameras) camera.begin('first')
    await bench.play(4.2)
    await bench.settle()
    fs.fault = writes('ENOSPC')
    let most = 0
    for (let second = 0; second < 30; second++) {
      await bench.play(1)
      most = Math.max(most, bench.disk.waiting)
    }
    for (const recorder of bench.recorders) {
      const { lost, reason, active } = recorder.status()
      expect({ active, reason }).toEqual({ active: false, reason: 'disk full' })
      expect(lost['disk full']).toBeGreaterThan(20)
    }
    fs.fault = () => undefined
    await bench.play(6)
    await bench.settle()
    const statuses = bench.recorders.map(recorder => recorder.status())
    await bench.stop()
    expect(most).toBeLessThanOrEqual(memory + 1024 * 1024)
    const all = readArchive(bench.path)
    for (const [index, camera] of cameras.entries()) {
      const numbers = storedNumbers(camera, all)
      const missing = (camera.sent.length - numbers.length) / 25
      expect(statuses[index]).toMatchObject({ active: true, reason: null })
      // A gap is counted from arrivals, which are a frame apart.
      expect(statuses[index]!.lost['disk full']).toBeCloseTo(missing, 1)
      expect(Object.keys(statuses[index]!.lost)).toEqual(['disk full'])
      // One hole, and not confetti.
      const holes = numbers.filter((number, at) => at > 0 && number !== numbers[at - 1]! + 1)
      expect(holes).toHaveLength(1)
      expect(holes[0]! % 25).toBe(0)
      expect(segmentsOf(camera, all).map(({ mark }) => mark.reason)).toContain('frames-dropped')
      const gaps = bench.gaps().filter(gap => gap.camera === `cam-${index}`)
      expect(gaps.map(({ reason }) => reason)).toEqual(['disk full'])
    }
  })

  it('takes the memory from the camera that holds most of it', async () => {
    await close()
    await open(8 * 1024 * 1024)
    const small = Array.from({ length: 3 }, (_, index) => bench.camera(`small-${index}`, { size: 500 }))
    const large = bench.camera('large', { size: 30_000 })
    for (const camera of [...small, large]) camera.begin('first')
    await bench.play(2.2)
    fs.fault = writes('ENOSPC')
    await bench.play(30)
    fs.fault = () => undefined
    await bench.play(4)
    await bench.stop()
    const all = readArchive(bench.path)
    for (const camera of small) expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length)
    expect(storedNumbers(large, all).length).toBeLessThan(large.sent.length)
  })

  it('keeps the fragment for which a file was made, however little memory there is', async () => {
    await close()
    await open(3_000_000)
    const cameras = [bench.camera('large', { size: 20_000 })]
    for (const id of ['b', 'c', 'd', 'e']) cameras.push(bench.camera(id, { size: 8_000 }))
    fs.fault = call => (call.name === 'writev' ? 'ENOSPC' : undefined)
    for (const camera of cameras) camera.begin('first')
    await bench.play(12)
    fs.fault = () => undefined
    await bench.play(5)
    await bench.stop()
    const all = readArchive(bench.path)
    for (const camera of cameras) expect(storedNumbers(camera, all).length).toBeGreaterThan(25)
  })

  it('takes longer rests on a disk that is too slow, rather than leave holes everywhere', async () => {
    await close()
    await open(4 * 1024 * 1024)
    const cameras = [bench.camera('a', { size: 8_000 }), bench.camera('b', { size: 8_000 })]
    for (const camera of cameras) camera.begin('first')
    // 200 kB/s for 464 kB/s.
    fs.takes = 100_000
    fs.hold = call =>
      call.name === 'writev' ? new Promise(resolve => void bench.clock.after(500, resolve)) : Promise.resolve()
    await bench.play(120)
    fs.hold = undefined
    fs.takes = Number.POSITIVE_INFINITY
    await bench.play(10)
    await bench.stop()
    const all = readArchive(bench.path)
    for (const camera of cameras) {
      const numbers = storedNumbers(camera, all)
      const holes = numbers.filter((number, at) => at > 0 && number !== numbers[at - 1]! + 1)
      const missing = (camera.sent.length - numbers.length) / 25
      expect(missing / holes.length).toBeGreaterThan(3)
    }
  })

  it('writes nothing to a storage path without its marker', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(1.2)
    await bench.settle()
    const marker = join(bench.path, MARKER_FILE)
    const text = readFileSync(marker, 'utf8')
    renameSync(marker, `${marker}.away`)
    fs.calls.length = 0
    await bench.play(4)
    const opened = fs.calls.filter(({ name }) => name === 'open')
    expect(bench.recorders[0]!.status()).toMatchObject({ active: false, reason: 'storage not mounted' })
    expect(opened).toEqual([])
    renameSync(`${marker}.away`, marker)
    await bench.play(4)
    await bench.stop()
    expect(readFileSync(marker, 'utf8')).toBe(text)
    expect(storedNumbers(camera, readArchive(bench.path))).toHaveLength(camera.sent.length)
  })

  it('opens a file anew when its descriptor is dead and the storage is back', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(1.2)
    await bench.settle()
    const dead = fs.calls.findLast(({ name }) => name === 'writev')!.fd
    fs.fault = call => (call.name === 'writev' && call.fd === dead ? 'EIO' : undefined)
    await bench.play(4)
    fs.fault = () => undefined
    await bench.play(2)
    await bench.stop()
    const all = readArchive(bench.path)
    expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length)
    expect(all.every(({ mark }) => mark.reason !== 'disk-error')).toBe(true)
  })

  it('gives a file up that the disk does not take any more, and goes on in another', async () => {
    const camera = bench.camera('gate-1', { gop: 50 })
    camera.begin('first')
    await bench.play(1.2)
    await bench.settle()
    const bad = fs.calls.findLast(({ name }) => name === 'writev')!.path
    fs.fault = call => (call.name === 'writev' && call.path === bad ? 'EIO' : undefined)
    await bench.play(20)
    await bench.settle()
    const { lost } = bench.recorders[0]!.status()
    await bench.stop()
    const all = readArchive(bench.path)
    const numbers = storedNumbers(camera, all)
    // 20 frames of the group of 50 were written; the 30 others need the key frame of a file that is lost.
    expect(camera.sent.length - numbers.length).toBe(30)
    expect(lost).toEqual({ 'disk I/O error': expect.closeTo(1.2, 1) })
    expect(all[1]!.mark).toMatchObject({ reason: 'disk-error', number: 1 })
    expect(bench.segments()[0]).toMatchObject({ frames: 20, ended: 'disk-error' })
  })

  it('lets a disk hang without losing a frame or holding up the cameras', async () => {
    const cameras = Array.from({ length: 5 }, (_, index) => bench.camera(`cam-${index}`))
    for (const camera of cameras) camera.begin('first')
    await bench.play(1.2)
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    let running = 0
    let most = 0
    fs.hold = async () => {
      most = Math.max(most, ++running)
      await gate
      running--
    }
    await bench.play(8)
    expect(most).toBeLessThanOrEqual(3)
    expect(bench.recorders[0]!.status()).toMatchObject({ active: false, reason: 'disk stalled', lost: {} })
    fs.hold = undefined
    release()
    await bench.play(3)
    await bench.stop()
    const all = readArchive(bench.path)
    for (const camera of cameras) expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length)
  })

  it('stops in time on a disk that takes nothing, and leaves a whole file behind', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(2.2)
    await bench.settle()
    fs.takes = 5_000
    let count = 0
    fs.fault = call => (call.name === 'writev' && count++ > 0 ? 'ENOSPC' : undefined)
    await bench.play(3)
    let stopped = false
    const done = bench.recorders[0]!.stop('stopped', 3_000).then(() => {
      stopped = true
    })
    await bench.pass(2_000)
    expect(stopped).toBe(false)
    await bench.pass(3_000)
    await done
    expect(bench.disk.waiting).toBe(0)
    const all = readArchive(bench.path)
    expect(storedNumbers(camera, all)).toHaveLength(50)
    const [gap] = bench.gaps()
    expect(gap).toMatchObject({ reason: 'disk full' })
    expect(gap!.end - gap!.start).toBeCloseTo(3_200, -2)
  })

  it('stops in time on a disk that hangs, and gives the memory back when that wakes', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(2.2)
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    fs.hold = () => gate
    await bench.play(3)
    const done = bench.recorders[0]!.stop('stopped', 2_000)
    await bench.pass(4_000)
    await done
    // The system has these bytes still: they are not to be used again.
    expect(bench.disk.waiting).toBeGreaterThan(0)
    fs.hold = undefined
    release()
    await bench.settle()
    expect(bench.disk.waiting).toBe(0)
    const numbers = storedNumbers(camera, readArchive(bench.path))
    expect(numbers.length).toBeGreaterThanOrEqual(50)
    expect(bench.gaps().map(({ reason }) => reason)).toEqual(['disk too slow'])
  })

  it('says so when a segment was deleted while it was written', async () => {
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(2.2)
    rmSync(join(bench.path, 'gate-1'), { recursive: true })
    await bench.play(4)
    await bench.stop()
    expect(bench.gaps()[0]).toMatchObject({ reason: 'file deleted' })
    const all = readArchive(bench.path)
    expect(bench.segments().map(({ path }) => path)).toEqual(all.map(({ path }) => path))
    expect(all.length).toBeGreaterThan(0)
    const gone = (bench.gaps()[0]!.end - bench.gaps()[0]!.start) / 40
    expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length - gone)
  })

  it('goes to a new segment when a sync says that written data were lost', async () => {
    await close()
    bench = await Bench.open({ settings: { syncPeriod: 500, segment: 60_000 } })
    fs = bench.fs
    const camera = bench.camera('gate-1')
    camera.begin('first')
    await bench.play(2.2)
    let failed = false
    fs.fault = call => {
      if (call.name !== 'sync' || failed) return undefined
      failed = true
      return 'EIO'
    }
    await bench.play(4)
    await bench.stop()
    const all = readArchive(bench.path)
    expect(storedNumbers(camera, all)).toHaveLength(camera.sent.length)
    expect(all.map(({ mark }) => mark.reason)).toContain('disk-error')
    expect(bench.gaps().map(({ reason }) => reason)).toEqual(['disk I/O error'])
  })
})

describe('a disk that fails at random', () => {
  it('never leaves a damaged file, a frame out of order, or one that is neither stored nor counted', async () => {
    await close()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('', '', '', 'ENOSPC', 'EIO', 'EROFS', 'ENOENT'), { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 500, max: 60_000 }),
        fc.integer({ min: 3, max: 12 }),
        async (faults, takes, megabytes) => {
          await open(megabytes * 512 * 1024)
          const cameras = ['a', 'b', 'c'].map(id => bench.camera(id, { size: 3_000 }))
          for (const camera of cameras) camera.begin('first')
          fs.takes = takes
          let call = 0
          fs.fault = ({ name }) => {
            if (name === 'close' || name === 'read') return undefined
            const code = faults[call++ % faults.length]
            // Of one file it would be the truth: somebody has removed it.
            return (code === 'ENOENT' && name !== 'makeDirectory' ? 'ESTALE' : code) || undefined
          }
          await bench.play(8)
          fs.fault = () => undefined
          await bench.play(5)
          await bench.settle()
          const statuses = bench.recorders.map(recorder => recorder.status())
          await bench.stop()
          const all = readArchive(bench.path)
          for (const [index, camera] of cameras.entries()) {
            const missing = (camera.sent.length - storedNumbers(camera, all).length) / 25
            const lost = Object.values(statuses[index]!.lost).reduce((sum, seconds) => sum + seconds, 0)
            expect(lost).toBeCloseTo(missing, 1)
          }
          await close()
        },
      ),
      { numRuns: 12, examples: [[['ENOENT', '', 'ENOENT', '', '', 'EROFS', '', ''], 8789, 3]] },
    )
    await open()
  }, 60_000)
})
