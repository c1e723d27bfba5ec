import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import type { JournalEntry } from '../../../src/media/recorder/index.ts'
import { isComplete } from '../../../src/recording/journal/journal-entry.ts'
import { JournalReader } from '../../../src/recording/journal/journal-reader.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import { SmallStorage } from '../small-storage.ts'
import { segment } from '../support.ts'

const NOON = Date.UTC(2026, 10, 24, 12)
const ALL = { start: 0, end: 4e12 }

let storage: SmallStorage
let stateDir: string
const databases: ReturnType<typeof openDatabase>[] = []
beforeEach(() => {
  storage = new SmallStorage()
  stateDir = join(storage.dir, 'state')
  mkdirSync(join(stateDir, 'workers'), { recursive: true })
})
afterEach(() => {
  for (const database of databases.splice(0)) database.close()
  storage[Symbol.dispose]()
})

function indexAt(path = ':memory:'): SegmentIndex {
  const database = openDatabase(path, INDEX_SCHEMA)
  databases.push(database)
  return new SegmentIndex(database)
}
const entry = (start: number, path: string): JournalEntry =>
  ({ type: 'segment', ...segment(start, start + 2_000, { path, session: `s${start}` }) }) as JournalEntry
const line = (value: unknown) => `${JSON.stringify(value)}\n`
function writeJournal(lines: readonly unknown[], slot = 0): void {
  writeFileSync(
    join(stateDir, `workers/${slot}.journal`),
    [{ type: 'journal', version: 1, base: 0 }, ...lines].map(line).join(''),
  )
}
const read = (index: SegmentIndex) => new JournalReader(stateDir, index, silentLogger).read(storage.path)

it('tells a new index nothing of footage that was deleted since', async () => {
  const paths = [0, 1, 2].map(n => storage.add(NOON + n * 10_000, 2))
  writeJournal(paths.map((path, n) => entry(NOON + n * 10_000, path)))
  const old = indexAt()
  old.setComplete('storage', NOON)
  await read(old)
  expect(old.segments('gate-1', ALL)).toHaveLength(3)
  old.remove(old.segments('gate-1', ALL).slice(0, 2), 'expired')
  for (const path of paths.slice(0, 2)) rmSync(storage.absolute(path))
  // The index is lost; the journal is read from its beginning.
  const made = indexAt()
  await read(made)
  expect(made.segments('gate-1', ALL).map(({ path }) => path)).toEqual(paths.slice(2))
  expect(made.recorded('gate-1', ALL)).toEqual([{ start: NOON + 20_000, end: NOON + 22_000 }])
})

it('tells an index that is complete of all, though the storage is away', async () => {
  writeJournal([entry(NOON, 'gate-1/main/2026-11-24/20261124T120000Z.mp4')])
  const index = indexAt()
  index.setComplete('storage', NOON)
  await read(index)
  expect(index.segments('gate-1', ALL)).toHaveLength(1)
})

it('is not read twice by two processes at once: what was deleted between does not come back', async () => {
  const path = join(storage.dir, 'archive.db')
  const [daemon, command] = [indexAt(path), indexAt(path)]
  daemon.setComplete('storage', NOON)
  const entries = [entry(NOON, storage.add(NOON, 2))]
  const from = command.position(0)
  daemon.ingest(entries, 0, 100, from)
  daemon.ingest([], 0, 200, 100)
  daemon.remove(daemon.segments('gate-1', ALL), 'expired')
  command.ingest(entries, 0, 100, from)
  expect(command.segments('gate-1', ALL)).toEqual([])
  expect(command.position(0)).toBe(200)
})

it('goes on behind any line, whatever stands in its fields, and all that it told can be read', async () => {
  const good = segment(NOON, NOON + 1_000, { session: 'good' })
  const hostile = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      '',
      'x',
      [],
      {},
      -1,
      0.5,
      -0,
      1e15,
      8.64e15,
      8.7e15,
      2 ** 53,
      1e17,
      1e300,
      'ab'.repeat(32),
    ),
    fc.double(),
    fc.string(),
  )
  const fields = Object.keys(entry(0, ''))
  const change = fc.dictionary(fc.constantFrom(...fields), hostile, { minKeys: 1, maxKeys: 3 })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
      writeJournal([
        ...changes.map((fields, n) => ({ ...entry(NOON - 5_000 * n, `x${n}.mp4`), ...fields })),
        { type: 'segment', ...good },
      ])
      const index = indexAt()
      index.setComplete('storage', NOON)
      await read(index)
      for (const camera of index.cameras()) {
        for (const role of ['main', 'sub'] as const) index.segments(camera, { start: 0, end: 9e15 }, role)
        index.gaps(camera, { start: 0, end: 9e15 })
        index.recorded(camera, { start: 0, end: 9e15 })
      }
      index.totals()
      expect(index.segments('gate-1', ALL).some(({ session }) => session === 'good')).toBe(true)
    }),
    { numRuns: 300 },
  )
})

it('takes a line for damaged that has more bytes than a file can', () => {
  expect(isComplete({ ...entry(0, 'x'), bytes: 8.64e15 } as JournalEntry)).toBe(false)
})

it('takes a line for damaged that has no hash for a hash', () => {
  expect(isComplete({ ...entry(0, 'x'), sha256: 5 } as unknown as JournalEntry)).toBe(false)
  expect(isComplete({ ...entry(0, 'x'), sha256: 'ab'.repeat(32) } as JournalEntry)).toBe(true)
})
