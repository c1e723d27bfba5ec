import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Segment } from '../../../src/recording/types.ts'
import { repairArchive } from '../../../src/recording/verify/index.ts'
import type { RepairOptions } from '../../../src/recording/verify/repair-archive.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { readFile } from '../../wire/mp4/support.ts'
import { RecordedArchive } from './recorded-archive.ts'

let archive: RecordedArchive
let recorded: Segment[]

beforeEach(async () => {
  archive = await RecordedArchive.open()
  recorded = []
})
afterEach(() => archive.bench.remove())

/** A camera's recording as a kill has left it, with three fragments in its last file. Gives the path of that, and what is in it. */
async function crashed(torn = 0): Promise<{ path: string; image: Buffer }> {
  const { bench } = archive
  const camera = bench.camera('gate-1', { audio: true })
  camera.begin('first')
  await bench.play(7)
  const open = () => {
    const path = bench.recorders[0]!.status().segment!
    return { path, image: readFileSync(archive.absolute(path)) }
  }
  while (readFile(open().image).fragments.length < 3) await bench.play(0.4)
  const { path, image } = open()
  await archive.stop()
  archive.rows.splice(
    archive.rows.findIndex(row => row.path === path),
    1,
  )
  return { path, image: leave(path, image.subarray(0, image.length - torn)) }
}

function leave(path: string, image: Buffer): Buffer {
  writeFileSync(archive.absolute(path), image)
  archive.age(path)
  return image
}

function repair(options: Partial<RepairOptions> = {}) {
  return repairArchive({
    storage: archive.path,
    cameras: ['gate-1'],
    dryRun: false,
    beingWritten: () => false,
    record: segment => void recorded.push(segment),
    clock: new FakeClock(Date.now()),
    ...options,
  })
}

function images(): Map<string, string> {
  const names = readdirSync(archive.path, { recursive: true, encoding: 'utf8' })
  const files = names.filter(name => statSync(archive.absolute(name)).isFile())
  return new Map(files.map(name => [name, readFileSync(archive.absolute(name), 'base64')]))
}

describe('repairing an archive', () => {
  it('closes what a crash left open, tells of it as the file does, and touches nothing else', async () => {
    const { path } = await crashed(700)
    const before = images()
    const report = await repair()
    expect(report).toMatchObject({ repaired: 1, failed: 0, outcomes: [{ path, outcome: 'repaired' }] })
    expect(report.outcomes[0]!.removed).toBeGreaterThan(0)
    const after = images()
    expect([...after].filter(([name, image]) => before.get(name) !== image).map(([name]) => name)).toEqual([path])
    const bytes = readFileSync(archive.absolute(path))
    const { said, found } = hashByHand(bytes)
    expect(said).toBe(found)
    expect(recorded).toMatchObject([{ path, camera: 'gate-1', bytes: bytes.length, ended: 'repaired', sha256: said }])
    archive.rows.push(...recorded)
    archive.age(path)
    expect((await archive.verify()).cameras[0]!.findings).toEqual([])
    expect(await repair()).toMatchObject({ repaired: 0, outcomes: [] })
  })

  it('says what it would do, and does not', async () => {
    const { path } = await crashed(700)
    const before = images()
    const report = await repair({ dryRun: true })
    expect(report.outcomes).toMatchObject([{ path, outcome: 'to-repair' }])
    expect(images()).toEqual(before)
    expect(recorded).toEqual([])
    const done = await repair()
    expect(done.outcomes[0]!.removed).toBe(report.outcomes[0]!.removed)
  })

  it('leaves a file alone that changed a moment ago, or that somebody has open', async () => {
    const { path } = await crashed()
    const before = images()
    const writing = { repaired: 0, failed: 0, outcomes: [{ path, outcome: 'writing' }] }
    expect(await repair({ beingWritten: name => name === path })).toMatchObject(writing)
    const now = Date.now() / 1_000
    utimesSync(archive.absolute(path), now - 9, now - 9)
    expect(await repair()).toMatchObject(writing)
    // A clock that was set back: nobody knows when it was changed.
    utimesSync(archive.absolute(path), now + 60, now + 60)
    expect(await repair({ paths: [path] })).toMatchObject(writing)
    expect(images()).toEqual(before)
    utimesSync(archive.absolute(path), now - 11, now - 11)
    expect(await repair()).toMatchObject({ repaired: 1 })
  })

  it('reports damage in the middle, and does not touch it', async () => {
    const { path, image } = await crashed()
    const holed = Buffer.from(image)
    const [, second] = readFile(image).fragments
    holed.fill(0, second!.start, second!.start + 40)
    leave(path, holed)
    const closed = archive.rows[0]!.path
    leave(closed, readFileSync(archive.absolute(closed)).subarray(0, -5))
    const before = images()
    expect(await repair()).toMatchObject({ repaired: 0, failed: 1, outcomes: [{ path, outcome: 'damaged' }] })
    const named = await repair({ paths: [closed] })
    expect(named).toMatchObject({ failed: 1, outcomes: [{ path: closed, outcome: 'damaged' }] })
    expect(images()).toEqual(before)
  })

  it('leaves files of others alone, whatever their names', async () => {
    const { path, image } = await crashed()
    const folder = path.slice(0, path.lastIndexOf('/'))
    const foreign = Buffer.from(image)
    foreign.write('skip', foreign.indexOf('uuid'))
    leave(path, foreign)
    leave(`${folder}/20261123T190000Z.mp4`, Buffer.alloc(3_000))
    leave(`${folder}/holiday.mp4`, Buffer.alloc(0))
    leave(`${folder}/notes.txt`, Buffer.alloc(0))
    const before = images()
    expect(await repair()).toMatchObject({ repaired: 0, failed: 0, outcomes: [] })
    expect(await repair({ paths: [path] })).toMatchObject({ outcomes: [{ path, outcome: 'foreign' }] })
    expect(images()).toEqual(before)
  })

  it('removes what a crash left before there was anything in it', async () => {
    const { path, image } = await crashed()
    const { init, fragments } = readFile(image)
    const folder = path.slice(0, path.lastIndexOf('/'))
    leave(path, image.subarray(0, fragments[0]!.end - 1))
    const hollow = [`${folder}/20261123T190000Z.mp4`, `${folder}/20261123T190100Z-2.mp4`]
    leave(hollow[0]!, Buffer.alloc(0))
    leave(hollow[1]!, image.subarray(0, init!.bytes.length))
    const planned = await repair({ dryRun: true })
    expect(planned.outcomes.map(({ outcome }) => outcome)).toEqual(['to-remove', 'to-remove', 'to-remove'])
    expect([path, ...hollow].map(name => existsSync(archive.absolute(name)))).toEqual([true, true, true])
    const report = await repair()
    expect(report).toMatchObject({ repaired: 0, failed: 0 })
    expect(report.outcomes.map(({ outcome }) => outcome)).toEqual(['removed', 'removed', 'removed'])
    expect([path, ...hollow].map(name => existsSync(archive.absolute(name)))).toEqual([false, false, false])
    expect(recorded).toEqual([])
  })

  it('is right after it was killed between any two of its steps', async () => {
    const { path, image } = await crashed(700)
    await repair()
    const whole = readFileSync(archive.absolute(path))
    const { init, fragments } = readFile(image)
    const { offset, size } = init!.endRoom!
    const cut = image.subarray(0, fragments.at(-1)!.end)
    const torn = Buffer.from(cut)
    // Half of the durations and the index: a write that did not come to its end.
    whole.copy(torn, offset + size, offset + size, offset + size + 500)
    const unsaid = Buffer.from(cut)
    whole.copy(unsaid, offset + size, offset + size, init!.bytes.length)
    for (const state of [cut, torn, unsaid]) {
      leave(path, state)
      expect(await repair()).toMatchObject({ repaired: 1 })
      expect(readFileSync(archive.absolute(path)).equals(whole)).toBe(true)
    }
  })

  it('tells what the system says of a file, and ends where it is told to', async () => {
    const { path } = await crashed()
    const report = await repair({ paths: ['gate-1/main/none.mp4', path] })
    expect(report).toMatchObject({ repaired: 1, failed: 1, outcomes: [{ outcome: 'failed' }, { outcome: 'repaired' }] })
    expect(report.outcomes[0]!.detail).toContain('ENOENT')
    await expect(repair({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})
