import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SiteConfig } from '../../src/config/types.ts'
import { openDatabase } from '../../src/database/open.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { Archive } from '../../src/recording/archive.ts'
import { exportCamera } from '../../src/recording/export/export-camera.ts'
import { openPlayback } from '../../src/recording/export/playback.ts'
import { rebuildIndex } from '../../src/recording/rebuild/rebuild-index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../src/recording/segment-index/segment-index.ts'
import { repairArchive, verifyArchive } from '../../src/recording/verify/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { SmallStorage } from './small-storage.ts'

/*
 * A file that somebody edited, or a disk has damaged, at the place of a good one. Whatever is in it: no command of the archive fails
 * for it, takes memory or time for what it claims, or says of its neighbours what is not so.
 */

const NOON = Date.UTC(2026, 10, 24, 12)
const NOW = NOON + 3_600_000
const SPAN = { start: NOON - 60_000, end: NOON + 120_000 }

let storage: SmallStorage
beforeEach(() => {
  storage = new SmallStorage()
})
afterEach(() => storage[Symbol.dispose]())

/** A change of some bytes, of a length or a number in the header, or of the file's length. */
const changes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('byte' as const), at: fc.nat(9_000), value: fc.nat(255) }),
    fc.record({
      kind: fc.constant('word' as const),
      at: fc.nat(1_600),
      value: fc.constantFrom(0, 1, 7, 8, 16, 0x7fffffff, 0x80000000, 0xffffffff),
    }),
    fc.record({
      kind: fc.constant('digit' as const),
      at: fc.nat(60),
      value: fc.constantFrom('9', '-', 'e', '.', '"', '\\'),
    }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(9_000), value: fc.nat(400) }),
    fc.record({ kind: fc.constant('twice' as const), at: fc.nat(9_000), value: fc.nat(400) }),
  ),
  { minLength: 1, maxLength: 6 },
)
type Change = { kind: 'byte' | 'word' | 'digit' | 'cut' | 'twice'; at: number; value: number | string }

function changed(bytes: Buffer, all: readonly Change[]): Buffer {
  let result = Buffer.from(bytes)
  for (const { kind, at, value } of all) {
    if (kind === 'byte' && at < result.length) result[at] = value as number
    if (kind === 'word' && at + 4 <= result.length) result.writeUInt32BE(value as number, at)
    if (kind === 'digit') {
      const digits = [...result.toString('latin1', 0, 900).matchAll(/\d/g)].map(({ index }) => index)
      if (digits.length > 0) result.write(value as string, digits[at % digits.length]!, 'latin1')
    }
    if (kind === 'cut') result = Buffer.concat([result.subarray(0, at), result.subarray(at + (value as number))])
    if (kind === 'twice') result = Buffer.concat([result.subarray(0, at + (value as number)), result.subarray(at)])
  }
  return result
}

async function judged<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    // What a person is told is no bug.
    if (error instanceof VmsError && error.code !== 'VMS_E_BUG') return undefined
    throw error
  }
}

async function survives(image: Buffer): Promise<void> {
  const good = storage.add(NOON + 60_000, 2)
  const bad = storage.add(NOON, 3)
  const goodBytes = readFileSync(storage.absolute(good))
  storage.write(bad, image, NOON)
  const database = openDatabase(':memory:', INDEX_SCHEMA)
  try {
    const index = new SegmentIndex(database)
    const config = {
      site: { name: 'warehouse', timezone: 'UTC' },
      storage: { path: storage.path },
      cameras: [{ id: 'gate-1' }],
    } as unknown as SiteConfig
    const archive = new Archive({ config, clock: new FakeClock(NOW), index, state: undefined })
    await archive.allSegments('gate-1', SPAN)
    await rebuildIndex({ storage: storage.path, index, timezone: 'UTC', now: NOW })
    expect(index.segments('gate-1', { start: 0, end: 9e15 }).some(({ path }) => path === good)).toBe(true)
    const pieces = await archive.coverage('gate-1', SPAN)
    expect(
      pieces.find(({ state, start, end }) => state === 'recorded' && start <= NOON + 60_000 && end >= NOON + 62_000),
    ).toBeDefined()
    const report = await verifyArchive({
      sources: {
        storage: storage.path,
        segments: (...of) => index.segments(...of),
        account: (...of) => archive.coverage(...of),
      },
      configured: ['gate-1'],
      deep: true,
      clock: new FakeClock(NOW),
    })
    const findings = report.cameras.flatMap(camera => camera.findings)
    expect(findings.filter(({ path, kind }) => path === good && kind !== 'hole' && kind !== 'overlap')).toEqual([])

    const request = {
      camera: 'gate-1',
      stream: 'main' as const,
      from: NOON,
      to: NOON + 62_000,
      keepGaps: true,
      audio: true,
      originals: false,
      target: { file: `${storage.dir}/clip.mp4` },
      force: true,
      evidence: undefined,
    }
    const signal = new AbortController().signal
    const context = { archive, now: () => NOW, token: () => 't', signal, progress: () => {} }
    const clip = await judged(exportCamera(request, context))
    // Nothing can make a clip of six kilobytes of footage large.
    if (clip) expect(clip.bytes).toBeLessThan(200_000)
    const playback = await judged(openPlayback(archive, request))
    let played = 0
    if (playback) for await (const { length } of playback.bytes) played += length
    expect(played).toBeLessThan(200_000)

    const repaired = await repairArchive({
      storage: storage.path,
      cameras: ['gate-1'],
      dryRun: false,
      beingWritten: () => false,
      record: segment => void index.add([segment]),
      clock: new FakeClock(NOW),
    })
    expect(repaired.outcomes.filter(({ path }) => path === good)).toEqual([])
    expect(readFileSync(storage.absolute(good))).toEqual(goodBytes)
  } finally {
    database.close()
  }
}

describe('a file in the archive that was changed by hand', () => {
  it.each([
    ['closed', false],
    ['open', true],
  ])(
    'harms nothing but itself: %s',
    async (_, open) => {
      const image = storage.bytes(NOON, 3, {}, open)
      await fc.assert(
        fc.asyncProperty(changes, all => survives(changed(image, all as Change[]))),
        { numRuns: 60 },
      )
    },
    30_000,
  )

  it('harms nothing with any number of its header as large as can be', async () => {
    const image = storage.bytes(NOON, 1, {}, true)
    const moof = image.indexOf('mdat')
    for (let at = 0; at < moof; at += 23) {
      const bytes = Buffer.from(image)
      bytes.writeUInt32BE(0xffffffff, at)
      await survives(bytes)
    }
  }, 30_000)
})
