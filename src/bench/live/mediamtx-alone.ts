import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import type { VirtualCamerasProcess } from '../../media/virtual/index.ts'
import { freePort } from '../free-port.ts'
import { findMediaMtx } from '../record/mediamtx-engine.ts'
import type { LiveEngine, LiveEngineOptions } from './engine.ts'

const STOP_LIMIT = 30_000

/** MediaMTX without us: it pulls the cameras itself, records the main streams, and the sub-streams on demand. */
export async function mediaMtxAlone(clock: Clock, { directory, linger }: LiveEngineOptions): Promise<LiveEngine> {
  const version = await findMediaMtx()
  const address = `127.0.0.1:${await freePort()}`
  let child: ChildProcess | undefined
  return {
    name: 'mediamtx',
    version: `MediaMTX ${version} alone`,
    start: async cameras => {
      await mkdir(directory, { recursive: true })
      const file = join(directory, 'mediamtx.yml')
      await writeFile(file, configuration(cameras, address, directory, linger))
      child = spawn('mediamtx', [file], { cwd: directory, stdio: 'ignore' })
    },
    viewerUrl: camera => `rtsp://${address}/live/${camera}`,
    processes: () => (child?.pid !== undefined && child.exitCode === null ? [child.pid] : []),
    stop: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGINT')
      const late = clock.after(STOP_LIMIT, () => child?.kill('SIGKILL'))
      await gone
      late.cancel()
    },
  }
}

/** JSON is YAML: MediaMTX reads it as it is. Keys of 1.15 to 1.20. */
function configuration(
  cameras: VirtualCamerasProcess['cameras'],
  rtspAddress: string,
  directory: string,
  linger: number,
): string {
  const record = {
    record: true,
    recordPath: join(directory, 'archive/%path/%Y-%m-%d_%H-%M-%S-%f'),
    recordFormat: 'fmp4',
    recordPartDuration: '1s',
    recordSegmentDuration: '180s',
    recordDeleteAfter: '0s',
  }
  const onDemand = {
    sourceOnDemand: true,
    sourceOnDemandStartTimeout: '10s',
    sourceOnDemandCloseAfter: `${linger / 1_000}s`,
  }
  const paths = cameras.flatMap(({ id, main, sub }) => [
    [`main/${id}`, { source: main, ...record }] as const,
    [`live/${id}`, { source: sub, ...onDemand }] as const,
  ])
  return JSON.stringify({
    logLevel: 'error',
    ...{ api: false, metrics: false, rtmp: false, hls: false, webrtc: false, srt: false },
    rtspAddress,
    rtspTransports: ['tcp'],
    pathDefaults: { rtspTransport: 'tcp' },
    paths: Object.fromEntries(paths),
  })
}
