import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { type GroupUsage, UsageMeter } from '../usage-meter.ts'
import { connectionPeak } from './connection-peak.ts'
import type { LiveEngine } from './engine.ts'
import { spawnViewers, type ViewersProcess, type ViewerTally } from './viewers.ts'

/** Milliseconds within which every viewer must have a picture, and that all runs before it is measured. */
const READY_LIMIT = 60_000
const SETTLE = 5_000
/** Viewers whose process is asked, milliseconds. */
const LOOK = 500

export interface LoadOptions {
  readonly simulator: VirtualCamerasProcess
  /** Sub-streams that are watched, of the first cameras; the first of them by `viewers`, each other by one. */
  readonly streams: number
  readonly viewers: number
  /** Milliseconds measured. */
  readonly duration: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

export interface LoadResult {
  readonly engine: string
  readonly version: string
  /** All processes of the engine; the viewers and the virtual cameras are beside it. */
  readonly usage: GroupUsage
  /** Percent of one core. */
  readonly viewersCpu: number
  readonly simulatorCpu: number
  /** What the viewers got in the time measured. */
  readonly frames: number
  readonly missing: number
  readonly strange: number
  readonly reconnects: number
  /** The most connections that played at once, at all cameras, and at one stream of one camera. */
  readonly connections: number
  readonly connectionsOfStream: number
}

/** What it costs an engine to record all cameras and to serve some sub-streams, one of them to many. The engine runs already. */
export async function measureLoad(engine: LiveEngine, options: LoadOptions): Promise<LoadResult> {
  const { simulator, streams, viewers, clock, signal, duration, progress } = options
  const began = clock.wall()
  const urls = simulator.cameras.slice(0, streams).map(({ id }) => engine.viewerUrl(id))
  const crowd = spawnViewers([...urls, ...Array<string>(Math.max(0, viewers - 1)).fill(urls[0]!)])
  try {
    await allPlay(crowd, urls.length + viewers - 1, engine.name, options)
    await sleep(clock, SETTLE, signal)
    const before = await crowd.tally()
    const meters = [engine.processes, () => [crowd.pid], () => [simulator.pid]].map(
      roots => new UsageMeter(clock, roots),
    )
    for (const meter of meters) meter.begin()
    for (const end = clock.monotonic() + duration; clock.monotonic() < end; ) {
      throwIfAborted(signal)
      progress(`${engine.name}: measuring, ${Math.ceil((end - clock.monotonic()) / 1_000)} s left`)
      await sleep(clock, Math.min(1_000, end - clock.monotonic()), signal)
      for (const meter of meters) meter.sample()
    }
    const [usage, ofViewers, ofCameras] = meters.map(meter => meter.end()) as [GroupUsage, GroupUsage, GroupUsage]
    const after = await crowd.tally()
    return {
      engine: engine.name,
      version: engine.version,
      usage,
      viewersCpu: ofViewers.cpu,
      simulatorCpu: ofCameras.cpu,
      ...between(before, after),
      ...(await connectionsOf(simulator, began)),
    }
  } finally {
    await crowd.stop()
  }
}

function between(before: ViewerTally, after: ViewerTally): Omit<ViewerTally, 'playing'> {
  return {
    frames: after.frames - before.frames,
    missing: after.missing - before.missing,
    strange: after.strange - before.strange,
    reconnects: after.reconnects - before.reconnects,
  }
}

async function allPlay(
  crowd: ViewersProcess,
  count: number,
  name: string,
  { clock, signal, progress }: LoadOptions,
): Promise<void> {
  for (const end = clock.monotonic() + READY_LIMIT; ; await sleep(clock, LOOK, signal)) {
    throwIfAborted(signal)
    const { playing } = await crowd.tally()
    if (playing >= count) return
    progress(`${name}: ${playing} of ${count} viewers have a picture`)
    if (clock.monotonic() > end)
      throw new VmsError('VMS_E_TIMEOUT', `${name}: ${playing} of ${count} viewers have a picture after 60 s`)
  }
}

/** By the cameras' own books. */
async function connectionsOf(
  simulator: VirtualCamerasProcess,
  from: number,
): Promise<{ connections: number; connectionsOfStream: number }> {
  const { streams } = await simulator.client.statistics()
  return {
    connections: connectionPeak(
      streams.flatMap(({ sessions }) => sessions),
      from,
    ),
    connectionsOfStream: Math.max(...streams.map(({ sessions }) => connectionPeak(sessions, from))),
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
}
