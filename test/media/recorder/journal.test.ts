import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { Journal, type JournalEntry, readJournal } from '../../../src/media/recorder/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'

let root: string
let path: string
const clock = new FakeClock()

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vmsctl-journal-'))
  path = join(root, 'journal.jsonl')
})
afterEach(() => rmSync(root, { recursive: true }))

const journal = (limit?: number) =>
  new Journal({ path, clock, log: silentLogger, ...(limit === undefined ? {} : { limit }) })

const gap = (index: number): JournalEntry => ({ type: 'gap', camera: 'a', start: index, end: index + 1, reason: 'é' })

/** Reads to the end from `position`. */
async function readAll(position: number) {
  const starts: number[] = []
  let skipped = false
  let damaged = 0
  for (;;) {
    const part = await readJournal(path, position)
    starts.push(...part.entries.map(entry => entry.start))
    skipped ||= part.skipped
    damaged += part.damaged
    if (part.position === position) return { starts, position, skipped, damaged }
    position = part.position
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe('Journal', () => {
  it('keeps what was appended, in order, over restarts, and is read from any place on', async () => {
    expect(await readAll(0)).toEqual({ starts: [], position: 0, skipped: false, damaged: 0 })
    const first = journal()
    for (const index of numbers(0, 10)) first.append(gap(index))
    await first.close()
    const middle = await readAll(0)
    expect(middle.starts).toEqual(numbers(0, 10))
    const second = journal()
    for (const index of numbers(10, 15)) second.append(gap(index))
    await second.flush()
    expect((await readAll(middle.position)).starts).toEqual(numbers(10, 15))
    expect((await readAll(0)).starts).toEqual(numbers(0, 15))
    await second.close()
  })

  it('ends a line that a crash cut, and a reader leaves it until then', async () => {
    const first = journal()
    first.append(gap(0))
    first.append(gap(1))
    await first.close()
    truncateSync(path, statSync(path).size - 5)
    const before = await readAll(0)
    expect(before.starts).toEqual([0])
    const second = journal()
    second.append(gap(2))
    await second.close()
    expect(await readAll(before.position)).toMatchObject({ starts: [2], damaged: 1, skipped: false })
  })

  it('is put aside at its limit without a reader losing its place', async () => {
    const writer = journal(2_000)
    const seen: number[] = []
    let position = 0
    for (const index of numbers(0, 300)) {
      writer.append(gap(index))
      await writer.flush()
      if (index % 7 !== 0) continue
      const part = await readAll(position)
      expect(part.skipped).toBe(false)
      seen.push(...part.starts)
      position = part.position
    }
    seen.push(...(await readAll(position)).starts)
    expect(seen).toEqual(numbers(0, 300))
    expect(existsSync(`${path}.1`)).toBe(true)
    expect(statSync(path).size).toBeLessThan(2_200)
    // Whoever was away for longer than what is kept is told so.
    expect(await readAll(1)).toMatchObject({ skipped: true })
    await writer.close()
  })

  it('begins anew when all of it was read, and forgets the old', async () => {
    const writer = journal()
    for (const index of numbers(0, 18_000)) writer.append(gap(index))
    await writer.flush()
    const { position } = await readAll(0)
    writer.acknowledge(position)
    await writer.flush()
    expect(existsSync(`${path}.1`)).toBe(false)
    expect(statSync(path).size).toBeLessThan(100)
    writer.append(gap(7))
    await writer.close()
    expect(await readAll(position)).toMatchObject({ starts: [7], skipped: false })
  })

  it('waits for the state directory when that cannot be written', async () => {
    path = join(root, 'missing', 'journal.jsonl')
    const writer = journal()
    writer.append(gap(0))
    await writer.flush()
    expect(await readAll(0)).toMatchObject({ starts: [] })
    path = join(root, 'missing', 'journal.jsonl')
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(root, 'missing'))
    await clock.run(2_000)
    writer.append(gap(1))
    await writer.close()
    expect((await readAll(0)).starts).toEqual([0, 1])
  })

  it('survives any damage: a reader ends, and a writer goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 400 }), async (bytes, at) => {
        rmSync(path, { force: true })
        rmSync(`${path}.1`, { force: true })
        const writer = journal()
        for (const index of numbers(0, 4)) writer.append(gap(index))
        await writer.close()
        const content = readFileSync(path)
        writeFileSync(path, Buffer.concat([content.subarray(0, at), bytes, content.subarray(at + bytes.length)]))
        await readAll(0)
        const again = journal()
        again.append(gap(99))
        await again.close()
        expect((await readAll(0)).starts.at(-1)).toBe(99)
      }),
      { numRuns: 60 },
    )
    appendFileSync(path, Buffer.alloc(9 * 1024 * 1024, 0x61))
    expect((await readAll(0)).damaged).toBeGreaterThan(0)
  })
})
