/**
 * `npm run bench:hls [viewers] [joins] [seconds]`: how long an HLS player waits that joins a running main stream, and what a
 * hundred players of one stream cost the worker that serves them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DaemonClient, startDaemon, stopDaemon } from '../../daemon/index.ts'
import { sleep, systemClock } from '../../kernel/clock.ts'
import { spawnVirtualCameras } from '../../media/virtual/index.ts'
import { findWorkers } from '../../supervision/index.ts'
import { freePort } from '../free-port.ts'
import { quantile } from '../join/quantile.ts'
import { type GroupUsage, UsageMeter } from '../usage-meter.ts'
import { HlsViewer } from './hls-viewer.ts'

const [viewers = 100, joins = 200, seconds = 20] = process.argv.slice(2).map(Number)
const CAMERAS = 8
const directory = mkdtempSync(join(tmpdir(), 'vms-bench-hls-'))
const stateDir = join(directory, 'state')
const config = join(directory, 'vms.yaml')
const listen = `127.0.0.1:${await freePort()}`
const show = (what: string, figure: string) => console.log(`${what.padEnd(64)}${figure}`)
const url = (camera: string, stream: string) => `http://${listen}/hls/${camera}/${stream}/index.m3u8`

async function measure(period: number): Promise<GroupUsage> {
  const meter = new UsageMeter(systemClock, () => findWorkers(stateDir).map(({ pid }) => pid))
  meter.begin()
  for (const end = performance.now() + period * 1_000; performance.now() < end; ) {
    await sleep(systemClock, 500)
    meter.sample()
  }
  return meter.end()
}

function tell(what: string, { cpu, user, rss }: GroupUsage): void {
  show(what, `${cpu.toFixed(1)} % of a core (${user.toFixed(1)} % ours), ${(rss / 1e6).toFixed(0)} MB`)
}

async function measureJoins(ids: readonly string[]): Promise<void> {
  // Each stream is muxed already, as when somebody watches: and then, as it is for the first who comes.
  for (const warm of [false, true]) {
    const times = { playlists: [] as number[], keyFrames: [] as number[] }
    for (let index = 0; index < (warm ? joins : ids.length); index++) {
      await sleep(systemClock, 50 + Math.random() * 150)
      const viewer = new HlsViewer(url(ids[index % ids.length]!, 'main'))
      const { playlist, keyFrame } = await viewer.join()
      viewer.stop()
      times.playlists.push(playlist)
      times.keyFrames.push(keyFrame)
    }
    const who = warm ? 'joins a stream that others watch' : 'is the first at a recorded stream'
    const text = (values: number[]) => `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)} ms`
    show(`${who}: playlist, median / p95`, text(times.playlists))
    show(`${who}: first bytes of a key frame, median / p95`, text(times.keyFrames))
  }
}

async function measureViewers(camera: string): Promise<void> {
  tell('worker, nobody watching', await measure(seconds))
  const all = Array.from({ length: viewers }, () => new HlsViewer(url(camera, 'sub')))
  for (const viewer of all) await viewer.join()
  const playing = all.map(viewer => viewer.play().catch(() => {}))
  await sleep(systemClock, 3_000)
  const before = all.reduce((sum, { bytes }) => sum + bytes, 0)
  const parts = all.map(viewer => viewer.parts)
  tell(`worker, ${viewers} HLS viewers of one 1 Mbps stream`, await measure(seconds))
  const bytes = all.reduce((sum, viewer) => sum + viewer.bytes, 0) - before
  const slowest = Math.min(...all.map((viewer, index) => viewer.parts - parts[index]!))
  show('sent to them', `${((bytes * 8) / seconds / 1e6).toFixed(1)} Mbit/s; the slowest took ${slowest} parts`)
  for (const viewer of all) viewer.stop()
  await Promise.all(playing)
}

const cameras = await spawnVirtualCameras({ count: CAMERAS, audio: 'aac' })
try {
  mkdirSync(stateDir, { recursive: true })
  const ids = cameras.cameras.map(({ id }) => id)
  // JSON is YAML.
  const site = {
    site: { name: 'bench', timezone: 'UTC' },
    storage: { path: join(directory, 'archive') },
    gateway: { listen: '127.0.0.1:0' },
    viewing: { listen },
    mediamtx: { run: 'never' },
    limits: { connects_per_second: 100, connects_per_host: 64, workers: 1 },
    cameras: ids.map(id => ({ id, main: `${cameras.url}/${id}/main`, sub: `${cameras.url}/${id}/sub` })),
  }
  writeFileSync(config, JSON.stringify(site))
  await startDaemon({ config, stateDir })
  const client = new DaemonClient(stateDir)
  while ((await client.status()).summary.ok < CAMERAS) await sleep(systemClock, 200)
  await sleep(systemClock, 3_000)
  await measureJoins(ids)
  await measureViewers(ids[0]!)
} finally {
  await stopDaemon({ stateDir, recorders: true }).catch(() => {})
  await cameras.stop()
  rmSync(directory, { recursive: true, force: true })
}
