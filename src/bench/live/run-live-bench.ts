import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { orderOfRound } from '../record/rounds.ts'
import { startKeeper } from '../start-keeper.ts'
import { type ColdStarts, measureColdStarts } from './cold-start.ts'
import type { LiveEngine, LiveEngineOptions } from './engine.ts'
import { type LoadResult, measureLoad } from './measure-load.ts'

/** Milliseconds that a sub-stream outlives its last viewer: short, so that the next start is a cold one soon. */
const LINGER = 1_000
const SETTLE = 4_000
/** Milliseconds within which all cameras must be recorded. */
const READY_LIMIT = 120_000
/** Frames from one key frame to the next, and milliseconds. */
const GOP = 50
const GOP_TIME = 2_000
/** Cameras that are visited in turn by those who start streams: each is left alone for long enough before its turn comes again. */
const COLD_CAMERAS = 15

export interface LiveBenchOptions {
  readonly cameras: number
  readonly streams: number
  readonly viewers: number
  /** Milliseconds measured under load, of each engine in each round; 0: no load is measured. */
  readonly duration: number
  /** Rounds of load; every other one in reverse order. */
  readonly rounds: number
  /** Cold starts at each engine, of each kind of camera; 0: none. */
  readonly coldStarts: number
  /** Recordings go below it; removed at the end. The system's temporary directory by default. */
  readonly directory: string | undefined
  /** Makes both sides. Ours is the first. */
  readonly engines: readonly ((options: LiveEngineOptions) => LiveEngine | Promise<LiveEngine>)[]
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

export interface LiveBenchReport {
  readonly cameras: number
  readonly streams: number
  readonly viewers: number
  readonly seconds: number
  /** Cameras whose key frames come when they come, and cameras that begin with one when they are asked to play. */
  readonly coldStarts: { readonly waiting: readonly ColdStarts[]; readonly atOnce: readonly ColdStarts[] }
  /** One entry for each engine and round, in the order of the runs. */
  readonly load: readonly LoadResult[]
}

/** Measures what live streams cost and how soon they are there. Everything is removed at the end, also after an abort (VMS_E_INTERRUPTED). */
export async function runLiveBench(options: LiveBenchOptions): Promise<LiveBenchReport> {
  const { cameras, streams, viewers, duration } = options
  const root = await mkdtemp(join(options.directory ?? tmpdir(), 'vmsctl-bench-'))
  const keeper = startKeeper(root)
  try {
    const waiting = await coldStarts('key', join(root, 'waiting'), options)
    const atOnce = await coldStarts('idr', join(root, 'at-once'), options)
    const load = duration === 0 ? [] : await loads(root, options)
    return { cameras, streams, viewers, seconds: duration / 1_000, coldStarts: { waiting, atOnce }, load }
  } finally {
    await rm(root, { recursive: true, force: true })
    await keeper.dismiss()
  }
}

/** Both engines run side by side, on the same cameras. */
async function coldStarts(begin: 'key' | 'idr', directory: string, options: LiveBenchOptions): Promise<ColdStarts[]> {
  if (options.coldStarts === 0) return []
  const { clock, signal, progress } = options
  return withCameras(COLD_CAMERAS, begin, options, async simulator => {
    const engines: LiveEngine[] = []
    try {
      for (const [index, make] of options.engines.entries()) {
        const engine = await make({ directory: join(directory, String(index)), linger: LINGER })
        engines.push(engine)
        progress(`${engine.name}: starting`)
        await engine.start(simulator.cameras)
        await pulled(simulator, COLD_CAMERAS * engines.length, options)
      }
      await sleep(clock, SETTLE, signal)
      return await measureColdStarts({ ...options, engines, simulator, rounds: options.coldStarts, gop: GOP_TIME })
    } finally {
      for (const engine of engines) await engine.stop()
    }
  })
}

/** One engine after the other, on the same cameras. */
async function loads(root: string, options: LiveBenchOptions): Promise<LoadResult[]> {
  const { clock, signal, progress } = options
  return withCameras(options.cameras, 'key', options, async simulator => {
    const results: LoadResult[] = []
    const order = Array.from({ length: options.rounds }, (_, round) => orderOfRound(options.engines, round)).flat()
    for (const [run, make] of order.entries()) {
      const directory = join(root, `load-${run}`)
      const engine = await make({ directory, linger: LINGER })
      try {
        if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
        progress(`${engine.name}: starting`)
        await engine.start(simulator.cameras)
        await pulled(simulator, options.cameras, options)
        await sleep(clock, SETTLE, signal)
        results.push(await measureLoad(engine, { ...options, simulator }))
      } finally {
        await engine.stop()
        await rm(directory, { recursive: true, force: true })
      }
    }
    return results
  })
}

/** Waits until the cameras send to so many. */
async function pulled(simulator: VirtualCamerasProcess, count: number, options: LiveBenchOptions): Promise<void> {
  const { clock, signal } = options
  for (const end = clock.monotonic() + READY_LIMIT; clock.monotonic() < end; await sleep(clock, 500, signal)) {
    if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
    if ((await simulator.client.statistics()).viewers >= count) return
  }
  throw new VmsError('VMS_E_TIMEOUT', `the cameras are not all recorded after ${READY_LIMIT / 1_000} s`)
}

async function withCameras<T>(
  count: number,
  join: 'key' | 'idr',
  { progress }: LiveBenchOptions,
  work: (simulator: VirtualCamerasProcess) => Promise<T>,
): Promise<T> {
  progress(`starting ${count} virtual cameras`)
  const simulator = await spawnVirtualCameras({ count, join, gop: GOP })
  try {
    return await work(simulator)
  } finally {
    await simulator.stop()
  }
}
