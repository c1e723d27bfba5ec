import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { findMark, type VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { quantile } from '../join/quantile.ts'
import { orderOfRound } from '../record/rounds.ts'
import { readerContext, StreamReader } from '../stream-reader.ts'
import type { LiveEngine } from './engine.ts'
import { phasesOf, untilPhase } from './phases.ts'

/** Milliseconds that one start may take. */
const LIMIT = 15_000
const LOOK = 2
/** Milliseconds after which a stream that nobody watches is down at both: their linger and what it takes. */
const LET_GO = 4_000

export interface ColdStartOptions {
  readonly engines: readonly LiveEngine[]
  readonly simulator: VirtualCamerasProcess
  readonly rounds: number
  /** Milliseconds from one key frame to the next. */
  readonly gop: number
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

/** Milliseconds from a viewer's first SYN to the first key frame in its hands, of a sub-stream that nobody watched. */
export interface ColdStarts {
  readonly engine: string
  readonly starts: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
}

/**
 * One viewer after the other comes to a sub-stream that nobody watches, each at both engines in turn at the same moment of the
 * group of pictures. Throws VMS_E_TIMEOUT for a picture that does not come, and where a stream was up already.
 */
export async function measureColdStarts(options: ColdStartOptions): Promise<ColdStarts[]> {
  const { engines, simulator, rounds, gop, clock, random, signal, progress } = options
  const { cameras } = simulator
  const times = new Map(engines.map(({ name }) => [name, [] as number[]]))
  progress('looking when the cameras have their key frames')
  const keyFrames = await findKeyFrames(options)
  let turn = 0
  for (const [round, phase] of phasesOf(rounds, random).entries()) {
    for (const engine of orderOfRound(engines, round)) {
      if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
      progress(`${engine.name}: cold start ${round + 1} of ${rounds}`)
      const { id } = cameras[turn++ % cameras.length]!
      await sleep(clock, untilPhase(clock.wall(), keyFrames.get(id)!, gop, phase), signal)
      const { began, waited, sent } = await startOnce(engine.viewerUrl(id), clock, random, signal)
      await checkCold(simulator, id, began)
      times.get(engine.name)!.push(waited)
      keyFrames.set(id, sent)
    }
  }
  return engines.map(({ name }) => summary(name, times.get(name)!))
}

/** Wall-clock time of a key frame of each camera. All are left alone again when it resolves. */
async function findKeyFrames(options: ColdStartOptions): Promise<Map<string, number>> {
  const { engines, simulator, clock, random, signal } = options
  const found = await Promise.all(
    simulator.cameras.map(async ({ id }) => {
      const { sent } = await startOnce(engines.at(-1)!.viewerUrl(id), clock, random, signal)
      return [id, sent] as const
    }),
  )
  await sleep(clock, LET_GO, signal)
  return new Map(found)
}

/** Wall-clock time of the start and of the frame's sending; milliseconds between the start and its arrival. */
async function startOnce(
  url: string,
  clock: Clock,
  random: () => number,
  signal: AbortSignal,
): Promise<{ began: number; waited: number; sent: number }> {
  const began = clock.monotonic()
  const wall = clock.wall()
  let found: { began: number; waited: number; sent: number } | undefined
  const reader = new StreamReader(url, readerContext(clock, random, true), ({ slab, start, end }) => {
    found ??= { began: wall, waited: clock.monotonic() - began, sent: findMark(slab.bytes, start, end)?.wall ?? 0 }
  })
  try {
    while (!found && clock.monotonic() - began < LIMIT && !signal.aborted) await sleep(clock, LOOK, signal)
    if (!found)
      throw new VmsError('VMS_E_TIMEOUT', `no picture in ${LIMIT / 1_000} s: ${reader.trouble ?? 'no word why'}`)
    return found
  } finally {
    reader.leave()
  }
}

/** The camera's own books: it was asked to play for this viewer, and not before. */
async function checkCold(simulator: VirtualCamerasProcess, camera: string, since: number): Promise<void> {
  const { streams } = await simulator.client.statistics()
  const sub = streams.find(stream => stream.camera === camera && stream.stream === 'sub')
  const last = sub?.sessions.at(-1)
  if (last === undefined || last.started < since - LOOK)
    throw new VmsError('VMS_E_TIMEOUT', `${camera}/sub was up already: it is no cold start`, {
      hint: 'Take more cameras, so that each has been left alone before its turn comes again.',
    })
}

function summary(engine: string, times: readonly number[]): ColdStarts {
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    engine,
    starts: times.length,
    mean: round(times.reduce((sum, time) => sum + time, 0) / times.length),
    p50: round(quantile(times, 0.5)),
    p95: round(quantile(times, 0.95)),
  }
}
