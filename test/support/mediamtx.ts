import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RunningProgram {
  /** Of its RTSP server, on loopback. */
  readonly port: number
  stop(): Promise<void>
}

/**
 * Starts MediaMTX as an RTSP relay alone. `dir` gets its configuration, `paths` is the part of it that says what may be read
 * where: whatever somebody publishes there.
 */
export async function startMediaMtx(dir: string, paths = '{ all_others: }'): Promise<RunningProgram> {
  const file = join(dir, 'mediamtx.yml')
  // It cannot say which port it took: a random one, and another when that is taken.
  for (let attempt = 0; attempt < 10; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const off = ['rtmp', 'hls', 'webrtc', 'srt'].map(name => `${name}: no`)
    const rtsp = [`rtspAddress: 127.0.0.1:${port}`, 'rtspTransports: [tcp]']
    writeFileSync(file, [...off, ...rtsp, `paths: ${paths}`].join('\n'))
    const relay = spawn('mediamtx', [file], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'ignore'],
      // A server that older versions do not have: unlike a key of the file, a variable may be unknown.
      env: { ...process.env, MTX_MOQ: 'no' },
    })
    if (await listens(relay)) return { port, stop: () => end(relay) }
    await end(relay)
  }
  throw new Error('MediaMTX does not start')
}

/** Has ffmpeg send what `source` describes (input and encoder options) to an RTSP server, for as long as it is not stopped. */
export function publish(source: readonly string[], url: string): { stop(): Promise<void> } {
  const argv = ['-nostdin', '-loglevel', 'error', ...source, '-f', 'rtsp', '-rtsp_transport', 'tcp', url]
  const child = spawn('ffmpeg', argv, { stdio: 'ignore' })
  return { stop: () => end(child) }
}

function listens(relay: ChildProcess): Promise<boolean> {
  return new Promise(resolve => {
    let said = ''
    relay.stdout!.setEncoding('utf8').on('data', text => {
      said += text
      if (/\[RTSP\].*(listener|started|opened)/i.test(said)) resolve(true)
    })
    relay.once('exit', () => resolve(false))
    setTimeout(() => resolve(false), 20_000).unref()
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
