import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findFfmpeg } from '../../encoding/index.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { BenchCamera, BenchEngine } from './engine.ts'

/** Milliseconds between two starts: so many ffmpegs at once would time out at their own start. */
const STAGGER = 25
const STOP_LIMIT = 30_000

/**
 * One ffmpeg stream copy a camera, as sites run them today: the owner's command, with fragments so that a crash costs what
 * it costs the others. Throws VMS_E_PROGRAM_MISSING where there is no ffmpeg.
 */
export async function ffmpegEngine(clock: Clock, segmentSeconds: number): Promise<BenchEngine> {
  const version = await findFfmpeg()
  if (!version)
    throw new VmsError('VMS_E_PROGRAM_MISSING', 'ffmpeg is not installed', { hint: 'apt-get install ffmpeg' })
  const children: ChildProcess[] = []
  return {
    name: 'ffmpeg',
    version: `ffmpeg ${version.text}`,
    start: async (cameras, directory) => {
      for (const camera of cameras) {
        await mkdir(join(directory, camera.id), { recursive: true })
        children.push(
          spawn('ffmpeg', argumentsOf(camera, directory, segmentSeconds), { stdio: ['ignore', 'ignore', 'ignore'] }),
        )
        await sleep(clock, STAGGER)
      }
    },
    processes: () => children.flatMap(child => (child.exitCode === null && child.pid !== undefined ? [child.pid] : [])),
    stop: async () => {
      await Promise.all(children.map(child => end(child, clock)))
    },
  }
}

function argumentsOf(camera: BenchCamera, directory: string, segmentSeconds: number): string[] {
  return [
    ...['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-i', camera.url, '-c', 'copy'],
    ...['-f', 'segment', '-segment_time', String(segmentSeconds), '-reset_timestamps', '1', '-strftime', '1'],
    ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
    join(directory, camera.id, '%Y%m%d_%H%M%S.mp4'),
  ]
}

async function end(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGINT')
  const late = clock.after(STOP_LIMIT, () => child.kill('SIGKILL'))
  await gone
  late.cancel()
}
