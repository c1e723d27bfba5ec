import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARKER_FILE } from '../../../src/media/recorder/index.ts'
import { readInit } from '../../../src/wire/mp4/index.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { readFile } from '../../wire/mp4/support.ts'
import { type CutMode, PowerCutFs, restore } from './power-cut-fs.ts'
import { readArchive, type StoredSegment } from './read-archive.ts'
import { Bench } from './recording-bench.ts'
import { type Sent, SyntheticCamera } from './synthetic-camera.ts'

/** Milliseconds: a sync each two seconds, a file each five. */
const SYNC = 2_000
const SEGMENT = 5_000
const FRAME = 40
/**
 * What a power cut may cost: since the last sync a period has passed, and the fragment whose write was found to be behind it;
 * when it was made, a fragment was in hand.
 */
const BOUND = SYNC + 2 * 800

interface Cut {
  readonly files: ReadonlyMap<string, Buffer>
  /** What each camera had sent. */
  readonly sent: readonly number[]
  /** Files that the journal told of, and their hashes. */
  readonly closed: ReadonlyMap<string, string | null>
}

/** Small numbers that look like chance (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Records two cameras for `seconds`, and cuts the power before `at` thousandths of all that is done to the disk. */
async function record(seconds: number, at: number, mode: CutMode, seed: number) {
  const fs: PowerCutFs[] = []
  const open = () =>
    Bench.open({
      settings: { syncPeriod: SYNC, segment: SEGMENT },
      fs: path => {
        fs.push(new PowerCutFs(path))
        return fs.at(-1)!
      },
    })
  const run = async (bench: Bench) => {
    const cameras = ['a', 'b'].map(id => bench.camera(id, { audio: id === 'a' }))
    for (const camera of cameras) camera.begin('first')
    await bench.play(seconds)
    await bench.stop()
    return cameras
  }
  // Once to count, once to cut: the same happens in both.
  let operations = 0
  const counted = await open()
  fs[0]!.before = count => {
    operations = count + 1
  }
  await run(counted)
  counted.remove()
  const bench = await open()
  let cut: Cut | undefined
  // To throw among the recorder's own calls would be one more fault of the disk.
  const problems: string[] = []
  let cameras: SyntheticCamera[] = []
  fs[1]!.before = count => {
    const files = fs[1]!.cut(mode, numbers(seed + count))
    const closed = new Map(bench.segments().map(({ path, sha256 }) => [path, sha256]))
    problems.push(...closedInOrder(files, closed))
    if (count !== Math.floor((at / 1_000) * operations)) return
    cameras = bench.cameras.slice()
    cut = { files, closed, sent: cameras.map(camera => videoOf(camera.sent).length) }
  }
  await run(bench)
  const marker = readFileSync(join(bench.path, MARKER_FILE))
  bench.remove()
  expect(problems).toEqual([])
  return { cut: cut!, marker, sent: cameras.map(camera => videoOf(camera.sent)) }
}

/** At any moment: what was closed is there, and nothing calls itself whole that is not. */
function closedInOrder(files: ReadonlyMap<string, Buffer>, closed: ReadonlyMap<string, string | null>): string[] {
  const problems: string[] = []
  for (const [path, bytes] of files) {
    // An end that was torn is none.
    const said = readInit(bytes)?.end?.sha256
    if (said && said !== hashByHand(bytes).found) problems.push(`${path} is not what it says`)
    if (closed.has(path) && closed.get(path) !== said) problems.push(`${path} has another hash than in the journal`)
  }
  for (const path of closed.keys()) if (!files.has(path)) problems.push(`${path} is gone`)
  return problems
}

function videoOf(sent: readonly Sent[]): Sent[] {
  return sent.filter(({ track }) => track === 0)
}

/** A recorder begins again on what the cut has left, and puts it in order. */
async function recordAgain({ files }: Cut, marker: Buffer, check: (path: string) => void): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'vmsctl-power-'))
  try {
    restore(path, new Map([...files, [MARKER_FILE, marker]]))
    const bench = await Bench.open({ path })
    for (const id of ['a', 'b']) {
      const camera = new SyntheticCamera({ id, pool: bench.pool, reader: bench.recorder(id, true) })
      bench.cameras.push(camera)
      camera.begin('first')
    }
    await bench.play(4)
    await bench.stop()
    check(path)
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

/** Files of which the first page is lost hold nothing that was synced. */
function removeUnreadable(path: string): void {
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.mp4')) continue
    const { init } = readFile(readFileSync(join(path, name)))
    if (!init?.mark) rmSync(join(path, name))
  }
}

function checkCamera(
  id: string,
  sent: readonly Sent[],
  count: number,
  segments: readonly StoredSegment[],
  mode: CutMode,
) {
  const before = segments.filter(({ mark }) => mark.camera === id && mark.session === sent[0]!.session)
  const frames = before.flatMap(segment => segment.frames.filter(({ track }) => track === 0))
  const safe = count - Math.ceil(BOUND / FRAME)
  expect(frames.length).toBeGreaterThanOrEqual(Math.max(0, safe))
  // What comes behind the bound may be torn pages; what comes before must be as it was sent.
  const sure = mode === 'pages' ? Math.max(0, safe) : frames.length
  expect(frames.slice(0, sure).map(({ dts }) => dts)).toEqual(sent.slice(0, sure).map(({ dts }) => dts))
  expect(frames.slice(0, sure).every(({ bytes }, index) => bytes.equals(sent[index]!.bytes))).toBe(true)
  if (mode !== 'pages') expect(before.every(({ end, tail }) => end !== undefined && tail === 'whole')).toBe(true)
}

describe('a power cut', () => {
  it.each<CutMode>(['nothing', 'prefix', 'pages'])(
    'costs a sync period and two fragments at most, and no closed segment, when %s of the rest is on disk',
    async mode => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 13 }),
          fc.integer({ min: 0, max: 999 }),
          fc.integer(),
          async (seconds, at, seed) => {
            const { cut, marker, sent } = await record(seconds, at, mode, seed)
            await recordAgain(cut, marker, path => {
              removeUnreadable(path)
              const segments = readArchive(path)
              for (const [index, id] of ['a', 'b'].entries()) {
                checkCamera(id, sent[index]!, cut.sent[index]!, segments, mode)
              }
              for (const [file, sha256] of cut.closed) {
                const { said, found } = hashByHand(readFileSync(join(path, file)))
                expect([said, found]).toEqual([sha256, sha256])
              }
              for (const segment of segments.filter(({ end }) => end !== undefined)) {
                const { said, found } = hashByHand(readFileSync(join(path, segment.path)))
                expect(said).toBe(found)
              }
            })
          },
        ),
        // While an index was being written into a file that was closed.
        { numRuns: 20, examples: [[4, 765, 0]] },
      )
    },
    120_000,
  )
})
