import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DaemonClient, startDaemon, stopDaemon } from '../../daemon/index.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { GatewayViewer } from '../demo/viewer.ts'
import { freePort } from '../free-port.ts'
import { startKeeper } from '../start-keeper.ts'
import { quantile } from './quantile.ts'

/** Milliseconds that everything runs before anybody joins, and that one join may take. */
const SETTLE = 4_000
const JOIN_LIMIT = 15_000

export interface JoinBenchOptions {
  readonly cameras: number
  readonly joins: number
  /** Frames from one key frame to the next, at 25 fps. */
  readonly gop: number
  /** Run MediaMTX beside it, on the same cameras. */
  readonly againstMediaMtx: boolean
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

/** Milliseconds from the connection attempt to the first key frame in hand. */
interface JoinResult {
  readonly server: string
  readonly joins: number
  readonly p50: number
  readonly p95: number
  readonly max: number
}

export interface JoinBenchReport {
  readonly cameras: number
  /** Seconds. */
  readonly gop: number
  readonly results: readonly JoinResult[]
}

/** How long a viewer who joins a running stream waits for a picture. Everything is removed at the end. */
export async function runJoinBench(options: JoinBenchOptions): Promise<JoinBenchReport> {
  const root = await mkdtemp(join(tmpdir(), 'vmsctl-bench-'))
  const keeper = startKeeper(root)
  options.progress(`starting ${options.cameras} virtual cameras`)
  const simulator = await spawnVirtualCameras({
    count: options.cameras,
    main: 4_000_000,
    sub: undefined,
    gop: options.gop,
  })
  try {
    const results = [await throughGateway(simulator, root, options)]
    if (options.againstMediaMtx) results.push(await throughMediaMtx(simulator, root, options))
    return { cameras: options.cameras, gop: options.gop / 25, results }
  } finally {
    await simulator.stop()
    await rm(root, { recursive: true, force: true })
    await keeper.dismiss()
  }
}

async function throughGateway(
  simulator: VirtualCamerasProcess,
  root: string,
  options: JoinBenchOptions,
): Promise<JoinResult> {
  const stateDir = join(root, 'state')
  const config = join(root, 'vms.yaml')
  const listen = `127.0.0.1:${await freePort()}`
  await mkdir(stateDir, { recursive: true })
  const site = {
    site: { name: 'bench', timezone: 'UTC' },
    storage: { path: join(root, 'archive') },
    gateway: { listen },
    viewing: { listen: 'never' },
    mediamtx: { run: 'never' },
    limits: { connects_per_second: 100, connects_per_host: 64 },
    cameras: simulator.cameras.map(({ id, main }) => ({ id, main })),
  }
  // JSON is YAML.
  await writeFile(config, JSON.stringify(site))
  await startDaemon({ config, stateDir, clock: options.clock })
  try {
    await playing(stateDir, options)
    return await joinOften('vmsctl gateway', ({ id }) => `rtsp://${listen}/${id}/main`, simulator, options)
  } finally {
    await stopDaemon({ stateDir, recorders: true, clock: options.clock })
  }
}

async function playing(stateDir: string, { clock, cameras, signal }: JoinBenchOptions): Promise<void> {
  const client = new DaemonClient(stateDir)
  for (
    const end = clock.monotonic() + 60_000;
    clock.monotonic() < end && !signal.aborted;
    await sleep(clock, 300, signal)
  ) {
    const status = await client.status()
    if (status.cameras.filter(camera => camera.health === 'ok').length === cameras) return
  }
  throw new VmsError('VMS_E_TIMEOUT', 'not every virtual camera is being recorded after 60 s')
}

async function throughMediaMtx(
  simulator: VirtualCamerasProcess,
  root: string,
  options: JoinBenchOptions,
): Promise<JoinResult> {
  const file = join(root, 'mediamtx.yml')
  const address = `127.0.0.1:${await freePort()}`
  const paths = Object.fromEntries(
    simulator.cameras.map(({ id, main }) => [id, { source: main, rtspTransport: 'tcp' }]),
  )
  const off = { rtmp: false, hls: false, webrtc: false, srt: false, api: false }
  const settings = { logLevel: 'error', ...off, rtspAddress: address, rtspTransports: ['tcp'], paths }
  await writeFile(file, JSON.stringify(settings))
  const child = spawn('mediamtx', [file], { cwd: root, stdio: 'ignore' })
  const gone = once(child, 'exit')
  try {
    await sleep(options.clock, SETTLE, options.signal)
    return await joinOften('MediaMTX', ({ id }) => `rtsp://${address}/${id}`, simulator, options)
  } finally {
    child.kill('SIGINT')
    await gone
  }
}

/** One viewer after the other, at random moments of the group of pictures. */
async function joinOften(
  server: string,
  url: (camera: { readonly id: string }) => string,
  simulator: VirtualCamerasProcess,
  { joins, clock, random, signal, progress, gop }: JoinBenchOptions,
): Promise<JoinResult> {
  await sleep(clock, SETTLE, signal)
  const times: number[] = []
  for (let number = 0; number < joins; number++) {
    if (signal.aborted) throw new VmsError('VMS_E_INTERRUPTED', 'interrupted; everything has been removed')
    progress(`${server}: join ${number + 1} of ${joins}`)
    await sleep(clock, random() * Math.min(1_000, gop * 40), signal)
    const viewer = new GatewayViewer(url(simulator.cameras[number % simulator.cameras.length]!), clock, random)
    for (const end = clock.monotonic() + JOIN_LIMIT; viewer.joined === undefined && clock.monotonic() < end; )
      await sleep(clock, 5, signal)
    viewer.leave()
    times.push(viewer.joined ?? JOIN_LIMIT)
  }
  const at = (share: number) => Math.round(quantile(times, share) * 10) / 10
  return { server, joins, p50: at(0.5), p95: at(0.95), max: at(1) }
}
