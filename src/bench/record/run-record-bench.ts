import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess, verifyFrames } from '../../media/virtual/index.ts'
import { startKeeper } from '../start-keeper.ts'
import { type GroupUsage, UsageMeter } from '../usage-meter.ts'
import type { BenchEngine } from './engine.ts'
import { type EngineRatio, type EngineResult, ratiosOf } from './ratios.ts'
import { joinRounds, orderOfRound } from './rounds.ts'
import { touchMemory } from './touch-memory.ts'

/** Milliseconds within which every camera must have its first bytes on disk. */
const READY_LIMIT = 180_000
/** Milliseconds that everything runs before it is measured: joins, first key frames and file creation are over. */
const SETTLE = 5_000
/** Memory that is touched before an engine runs, as a multiple of what it records: the host takes some back meanwhile. */
const TOUCHED = 3

export interface RecordBenchOptions {
  readonly cameras: number
  /** Bit/s of each. */
  readonly bitrate: number
  /** Milliseconds measured for each engine. */
  readonly duration: number
  readonly segmentSeconds: number
  /** Times that all engines run; every other time in reverse order. */
  readonly rounds: number
  /** Recordings go below it; removed at the end. The system's temporary directory by default. */
  readonly directory: string | undefined
  /** Makes the engines, in the order of the runs; `stateDir` is private to one run. */
  readonly engines: readonly ((stateDir: string) => BenchEngine | Promise<BenchEngine>)[]
  readonly signal: AbortSignal
  readonly clock: Clock
  /** What happens now, for the person who waits. */
  readonly progress: (text: string) => void
}

export interface RecordBenchReport {
  readonly cameras: number
  readonly bitrate: number
  readonly rounds: number
  /** Measured for each engine in each round. */
  readonly seconds: number
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memory: number }
  readonly results: readonly EngineResult[]
  readonly ratios: readonly EngineRatio[]
  /** CPU of the virtual cameras, percent of one core; not part of any result. */
  readonly simulator: readonly { readonly engine: string; readonly cpu: number }[]
}

/**
 * Records the same virtual cameras with one engine after the other, and measures what each costs. All is removed at the end,
 * also after an abort (VMS_E_INTERRUPTED).
 */
export async function runRecordBench(options: RecordBenchOptions): Promise<RecordBenchReport> {
  const { cameras, bitrate, progress, signal } = options
  const root = await mkdtemp(join(options.directory ?? tmpdir(), 'vmsctl-bench-'))
  const keeper = startKeeper(root)
  progress(`starting ${cameras} virtual cameras`)
  const simulator = await spawnVirtualCameras({ count: cameras, main: bitrate, sub: undefined })
  try {
    const runs: EngineResult[] = []
    const simulators: { engine: string; cpu: number }[] = []
    const order = Array.from({ length: options.rounds }, (_, round) => orderOfRound(options.engines, round)).flat()
    for (const [run, make] of order.entries()) {
      throwIfAborted(signal)
      const engine = await make(join(root, `state-${run}`))
      const archive = join(root, engine.name)
      const { usage, simulated } = await measure(engine, simulator, archive, options)
      throwIfAborted(signal)
      progress(`${engine.name}: reading back every frame`)
      runs.push(await judge(engine, usage, archive, simulator))
      simulators.push({ engine: engine.name, cpu: simulated.cpu })
      await rm(archive, { recursive: true, force: true })
    }
    const names = new Set(runs.map(({ engine }) => engine))
    const results = [...names].map(name => joinRounds(runs.filter(({ engine }) => engine === name)))
    const loads = [...names].map(name => {
      const each = simulators.filter(({ engine }) => engine === name)
      return { engine: name, cpu: Math.round((each.reduce((sum, { cpu }) => sum + cpu, 0) / each.length) * 10) / 10 }
    })
    return {
      cameras,
      bitrate,
      rounds: options.rounds,
      seconds: options.duration / 1_000,
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memory: totalmem() },
      results,
      ratios: ratiosOf(results),
      simulator: loads,
    }
  } finally {
    await simulator.stop()
    await rm(root, { recursive: true, force: true })
    await keeper.dismiss()
  }
}

async function measure(
  engine: BenchEngine,
  simulator: VirtualCamerasProcess,
  archive: string,
  options: RecordBenchOptions,
): Promise<{ usage: GroupUsage; simulated: GroupUsage }> {
  const { clock, signal, duration, progress } = options
  try {
    progress(`${engine.name}: touching the memory that its recordings will pass through`)
    await touchMemory(((TOUCHED * options.cameras * options.bitrate) / 8) * (duration / 1_000), signal)
    progress(`${engine.name}: starting`)
    const cameras = simulator.cameras.map(({ id, main }) => ({ id, url: main }))
    await engine.start(cameras, archive)
    const end = clock.monotonic() + READY_LIMIT
    for (
      let ready = 0;
      ready < cameras.length;
      ready = await recorded(
        archive,
        cameras.map(camera => camera.id),
      )
    ) {
      throwIfAborted(signal)
      if (clock.monotonic() > end)
        throw new VmsError(
          'VMS_E_TIMEOUT',
          `${engine.name} records ${ready} of ${cameras.length} cameras after ${READY_LIMIT / 1_000} s`,
        )
      progress(`${engine.name}: ${ready} of ${cameras.length} cameras on disk`)
      await sleep(clock, 500, signal)
    }
    await sleep(clock, SETTLE, signal)
    const meter = new UsageMeter(clock, engine.processes)
    const load = new UsageMeter(clock, () => [simulator.pid])
    meter.begin()
    load.begin()
    const until = clock.monotonic() + duration
    while (clock.monotonic() < until && !signal.aborted) {
      progress(`${engine.name}: measuring, ${Math.ceil((until - clock.monotonic()) / 1_000)} s left`)
      await sleep(clock, Math.min(1_000, until - clock.monotonic()), signal)
      if (clock.monotonic() < until) meter.sample()
    }
    return { usage: meter.end(), simulated: load.end() }
  } finally {
    progress(`${engine.name}: closing its recordings`)
    await engine.stop()
  }
}

/** How many of the cameras have a file with something in it. */
async function recorded(archive: string, ids: readonly string[]): Promise<number> {
  let count = 0
  for (const id of ids) {
    const names = await readdir(join(archive, id), { recursive: true }).catch(() => [])
    const newest = names.filter(name => name.endsWith('.mp4')).at(-1)
    // Only a fragment makes a file this large; a header alone is not.
    if (newest !== undefined && (await stat(join(archive, id, newest))).size > 16_384) count++
  }
  return count
}

async function judge(
  engine: BenchEngine,
  usage: GroupUsage,
  archive: string,
  simulator: VirtualCamerasProcess,
): Promise<EngineResult> {
  const verdict = await verifyFrames(archive)
  const found = new Set(verdict.streams.map(({ camera }) => camera))
  const sum = (pick: (stream: (typeof verdict.streams)[number]) => number) =>
    verdict.streams.reduce((total, stream) => total + pick(stream), 0)
  return {
    engine: engine.name,
    version: engine.version,
    usage,
    bytes: await sizeOf(archive),
    frames: sum(stream => stream.frames),
    framesLost: sum(stream => stream.missing),
    camerasWithout: simulator.cameras.length - found.size,
  }
}

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
}
