import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerifyReport } from '../../../src/recording/verify/index.ts'
import { RecordedArchive } from './recorded-archive.ts'

let archive: RecordedArchive

beforeEach(async () => {
  archive = await RecordedArchive.open()
})
afterEach(async () => {
  await archive.bench.stop()
  archive.bench.remove()
})

/** Two cameras for twelve seconds; one of them lost its connection for a time. */
async function record(): Promise<void> {
  const { bench } = archive
  const gate = bench.camera('gate-1', { audio: true })
  const hall = bench.camera('hall-2')
  gate.begin('first')
  hall.begin('first')
  await bench.play(5)
  hall.end('refused')
  await bench.play(4, [gate])
  hall.begin('reconnect')
  await bench.play(4)
  await archive.stop()
}

/** Kinds and paths of all findings. */
function found({ cameras }: VerifyReport): [string, string][] {
  return cameras.flatMap(({ findings }) => findings.map(({ kind, path }): [string, string] => [kind, path]))
}

function rowsOf(camera: string) {
  return archive.rows.filter(row => row.camera === camera)
}

/** All that is in the archive: names, bytes and times of change. */
function image(): unknown[] {
  return readdirSync(archive.path, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const path = archive.absolute(name)
      const facts = statSync(path)
      return [name, facts.mtimeMs, facts.isFile() ? readFileSync(path).toString('base64') : '']
    })
}

describe('verifying an archive', () => {
  it('finds nothing in one that was recorded in order, reconnections and all, and changes nothing', async () => {
    await record()
    const before = image()
    const report = await archive.verify()
    expect(found(report)).toEqual([])
    expect(report).toMatchObject({ ok: true, deep: true, files: archive.rows.length, foreign: [] })
    expect(report.hashed).toBe(report.bytes)
    expect(report.bytes).toBe(archive.rows.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(image()).toEqual(before)
  })

  it('finds one changed byte of the media with --deep, and only then', async () => {
    await record()
    const { path } = rowsOf('gate-1')[1]!
    const bytes = readFileSync(archive.absolute(path))
    bytes[bytes.length - 10]! ^= 1
    writeFileSync(archive.absolute(path), bytes)
    expect(found(await archive.verify())).toEqual([['hash', path]])
    expect(found(await archive.verify({ deep: false }))).toEqual([])
  })

  it('finds a closed file that was cut, or has a hole in its middle', async () => {
    await record()
    const [cut, holed] = rowsOf('gate-1')
    truncateSync(archive.absolute(cut!.path), cut!.bytes - 1)
    const bytes = readFileSync(archive.absolute(holed!.path))
    bytes.fill(0, bytes.lastIndexOf('moof') - 4, bytes.lastIndexOf('moof') + 20)
    writeFileSync(archive.absolute(holed!.path), bytes)
    expect(found(await archive.verify({ deep: false }))).toEqual([
      ['damaged', cut!.path],
      ['damaged', holed!.path],
    ])
  })

  it('finds a segment that is not a film any more', async () => {
    await record()
    const { path } = rowsOf('gate-1')[1]!
    writeFileSync(archive.absolute(path), Buffer.alloc(5_000))
    expect(found(await archive.verify())).toEqual([['damaged', path]])
    archive.rows.splice(0)
    expect(found(await archive.verify({ cameras: ['gate-1'] }))[0]).toEqual(['damaged', path])
  })

  it('finds rows without a file, with its day or without', async () => {
    await record()
    const [row] = rowsOf('gate-1')
    rmSync(archive.absolute(row!.path))
    const lost = { ...row!, path: 'gate-1/main/2026-11-20/20261120T000000Z.mp4', start: 1e9, end: 1e9 + 1 }
    const later = { ...row!, path: 'gate-1/main/2027-01-20/20270120T000000Z.mp4', start: 2e12, end: 2e12 + 1 }
    archive.rows.push(lost, later)
    expect(found(await archive.verify()).sort()).toEqual(
      [row!, lost, later].map(({ path }) => ['no-file', path]).sort(),
    )
  })

  it('finds all rows of a camera whose folder is gone', async () => {
    await record()
    rmSync(archive.absolute('gate-1'), { recursive: true })
    const report = await archive.verify({ configured: ['gate-1', 'hall-2'] })
    expect(report.cameras.map(({ camera, ok, counts }) => [camera, ok, counts])).toEqual([
      ['gate-1', false, { 'no-file': rowsOf('gate-1').length }],
      ['hall-2', true, {}],
    ])
  })

  it('finds files that the index lacks', async () => {
    await record()
    const [row] = archive.rows.splice(1, 1)
    expect(found(await archive.verify())).toEqual([['no-row', row!.path]])
  })

  it.each([
    ['start', { start: 5 }],
    ['end', { end: 5 }],
    ['bytes', { bytes: 5 }],
    ['number', { number: 5 }],
    ['frames', { frames: 5 }],
    ['session', { session: 'x' }],
    ['codec', { codec: 'h265' }],
    ['hash', { sha256: null }],
    ['hash', { sha256: 'ab'.repeat(32) }],
  ])('finds a row with another %s', async (name, change) => {
    await record()
    const row = archive.rows.findIndex(({ camera }) => camera === 'gate-1')
    const shift = 'start' in change ? { start: archive.rows[row]!.start - 5 } : change
    const other = 'end' in change ? { end: archive.rows[row]!.end + 5 } : shift
    archive.rows[row] = { ...archive.rows[row]!, ...other }
    const report = await archive.verify({ deep: false })
    expect(found(report)).toEqual([['row-differs', archive.rows[row]!.path]])
    expect(report.cameras[0]!.findings[0]!.detail).toContain(name)
  })

  it('finds footage that is gone from files and index, where the account does not say why', async () => {
    await record()
    const [, row] = rowsOf('gate-1')
    rmSync(archive.absolute(row!.path))
    archive.rows.splice(archive.rows.indexOf(row!), 1)
    const next = rowsOf('gate-1')[1]!
    expect(found(await archive.verify())).toEqual([['hole', next.path]])
    archive.bench.entries.push({ type: 'gap', camera: 'gate-1', start: row!.start, end: row!.end, reason: 'expired' })
    expect(found(await archive.verify())).toEqual([])
  })

  it('finds the hole of a lost connection that nobody noted', async () => {
    await record()
    archive.bench.entries.length = 0
    const behind = rowsOf('hall-2').find(({ began }) => began === 'reconnect')!
    const report = await archive.verify()
    expect(found(report)).toEqual([['hole', behind.path]])
    expect(report.cameras[1]!.findings[0]!.detail).toMatch(/^4 s missing/)
  })

  it('finds copies, and files in the folder of another camera', async () => {
    await record()
    const [row] = rowsOf('gate-1')
    const copy = row!.path.replace('.mp4', '-7.mp4')
    const moved = row!.path.replace('gate-1', 'hall-2')
    copyFileSync(archive.absolute(row!.path), archive.absolute(copy))
    copyFileSync(archive.absolute(row!.path), archive.absolute(moved).replace('.mp4', '-8.mp4'))
    archive.age(copy)
    archive.age(moved.replace('.mp4', '-8.mp4'))
    expect(found(await archive.verify()).sort()).toEqual([
      ['duplicate', copy],
      ['misplaced', moved.replace('.mp4', '-8.mp4')],
      ['no-row', copy],
      ['no-row', moved.replace('.mp4', '-8.mp4')],
    ])
  })

  it('names what is not of the archive, and takes it for no fault', async () => {
    await record()
    const [row] = rowsOf('gate-1')
    const day = row!.path.slice(0, row!.path.lastIndexOf('/'))
    mkdirSync(archive.absolute('lost+found'))
    for (const name of ['notes.txt', 'gate-1/readme', 'gate-1/main/.hidden', `${day}/holiday.mp4`, `${day}/a.jpg`]) {
      writeFileSync(archive.absolute(name), 'a film of ours this is not')
    }
    const report = await archive.verify()
    expect(report).toMatchObject({ ok: true, foreign: ['lost+found/', 'notes.txt'] })
    expect([...report.cameras[0]!.foreign].sort()).toEqual(
      ['gate-1/main/.hidden', 'gate-1/readme', `${day}/a.jpg`, `${day}/holiday.mp4`].sort(),
    )
  })

  it('takes an open segment that grows for no fault, and one that a crash left for one', async () => {
    const camera = archive.bench.camera('gate-1')
    camera.begin('first')
    await archive.bench.play(8)
    const path = archive.bench.recorders[0]!.status().segment!
    const image = readFileSync(archive.absolute(path))
    expect((await archive.verify()).cameras[0]).toMatchObject({ ok: true, open: [path] })
    await archive.stop()
    writeFileSync(archive.absolute(path), image)
    const row = archive.rows.findIndex(row => row.path === path)
    archive.rows.splice(row, 1)
    const fresh = await archive.verify()
    expect(fresh.ok).toBe(true)
    expect(fresh.cameras[0]!.open).toEqual([path])
    archive.age(path)
    expect(found(await archive.verify())).toEqual([['torn', path]])
    const held = await archive.verify({ beingWritten: name => name === path })
    expect(held.cameras[0]).toMatchObject({ ok: true, open: [path] })
    writeFileSync(archive.absolute(path), '')
    archive.age(path)
    expect(found(await archive.verify())).toEqual([['empty', path]])
  })

  it('leaves out what ended before --since', async () => {
    await record()
    const rows = rowsOf('gate-1')
    truncateSync(archive.absolute(rows[0]!.path), 2_000)
    const since = rows[1]!.start + 1
    const report = await archive.verify({ cameras: ['gate-1'], since })
    expect(found(report)).toEqual([])
    expect(report.files).toBe(rows.length - 1)
    expect((await archive.verify({ cameras: ['gate-1'] })).ok).toBe(false)
    expect(found(await archive.verify({ cameras: ['gate-1'], since: since + 1e9 }))).toEqual([])
  })

  it('judges nothing that changes while it runs', async () => {
    await record()
    const [first, second] = rowsOf('gate-1')
    // Retention takes the first when its row was read; the second gets its row when its file was.
    const late = archive.rows.splice(archive.rows.indexOf(second!), 1)
    rmSync(archive.absolute(first!.path))
    let looks = 0
    const report = await archive.verify({
      cameras: ['gate-1'],
      progress: () => {
        if (++looks > 1) return
        archive.rows.splice(archive.rows.indexOf(first!), 1)
        archive.rows.push(...late)
      },
    })
    expect(found(report)).toEqual([])
  })

  it('goes on where a file cannot be read, and ends where it is told to', async () => {
    await record()
    const [row] = rowsOf('gate-1')
    rmSync(archive.absolute(row!.path))
    // A link that leads to itself: ELOOP, also for root.
    const { symlinkSync } = await import('node:fs')
    symlinkSync(archive.absolute(row!.path), archive.absolute(row!.path))
    expect(found(await archive.verify())).toEqual([['unreadable', row!.path]])
    await expect(archive.verify({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('asks the index for some days at a time, and says how far it is', async () => {
    await record()
    const told: number[][] = []
    await archive.verify({ progress: ({ done, total, files }) => told.push([done, total, files]) })
    expect(told.at(-1)).toEqual([2, 2, archive.rows.length])
    for (const [index, [done]] of told.entries()) expect(done).toBeGreaterThanOrEqual(told[index - 1]?.[0] ?? 0)
    expect(archive.asked).toBeLessThan(20)
  })

  it('reads files that lie in the folder of the stream itself, as ffmpeg leaves them', async () => {
    await record()
    const rows = rowsOf('gate-1')
    for (const row of rows) {
      const path = `gate-1/main/${row.path.slice(row.path.lastIndexOf('/') + 1)}`
      renameSync(archive.absolute(row.path), archive.absolute(path))
      archive.rows[archive.rows.indexOf(row)] = { ...row, path }
    }
    const report = await archive.verify()
    expect(found(report)).toEqual([])
    expect(report.files).toBe(archive.rows.length)
    appendFileSync(join(archive.path, archive.rows[0]!.path), 'x')
    expect(found(await archive.verify({ deep: false }))).toEqual([['damaged', archive.rows[0]!.path]])
  })
})
