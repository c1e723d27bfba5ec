import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { BenchCamera, BenchEngine } from './engine.ts'

const STOP_LIMIT = 30_000

/** Version of the MediaMTX on PATH. Throws VMS_E_PROGRAM_MISSING where there is none. */
export async function findMediaMtx(): Promise<string> {
  const version = await new Promise<string | undefined>(resolve => {
    execFile('mediamtx', ['--version'], { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    )
  })
  if (version !== undefined) return version
  throw new VmsError('VMS_E_PROGRAM_MISSING', 'mediamtx is not on PATH', {
    hint: 'Take the release for this machine from github.com/bluenviron/mediamtx/releases and put `mediamtx` on PATH.',
  })
}

/** MediaMTX's recorder, everything but recording turned off. Throws VMS_E_PROGRAM_MISSING where it is not installed. */
export async function mediaMtxEngine(clock: Clock, segmentSeconds: number): Promise<BenchEngine> {
  const version = await findMediaMtx()
  let child: ChildProcess | undefined
  return {
    name: 'mediamtx',
    version: `MediaMTX ${version}`,
    start: async (cameras, directory) => {
      await mkdir(directory, { recursive: true })
      const file = join(directory, 'mediamtx.yml')
      await writeFile(file, configuration(cameras, directory, segmentSeconds))
      child = spawn('mediamtx', [file], { cwd: directory, stdio: 'ignore' })
    },
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
function configuration(cameras: readonly BenchCamera[], directory: string, segmentSeconds: number): string {
  return JSON.stringify({
    logLevel: 'error',
    api: false,
    metrics: false,
    rtsp: false,
    rtmp: false,
    hls: false,
    webrtc: false,
    srt: false,
    pathDefaults: {
      rtspTransport: 'tcp',
      record: true,
      recordPath: join(directory, '%path', '%Y-%m-%d_%H-%M-%S-%f'),
      recordFormat: 'fmp4',
      recordPartDuration: '1s',
      recordSegmentDuration: `${segmentSeconds}s`,
      recordDeleteAfter: '0s',
    },
    paths: Object.fromEntries(cameras.map(({ id, url }) => [id, { source: url }])),
  })
}
