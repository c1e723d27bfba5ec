import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { EncodedTrack } from './encoded-media.ts'

/** What a program printed and how it ended. */
export interface Finished {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs a program to its end, or to its kill after `timeout` milliseconds; other work goes on meanwhile. */
export function runProgram(program: string, args: readonly string[], timeout = 30_000): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', chunk => stdout.push(chunk))
    child.stderr.on('data', chunk => stderr.push(chunk))
    child.once('error', reject)
    child.once('close', code =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    )
  })
}

/** A hash of each decoded picture, in the order of display, as ffmpeg decodes the frames themselves. */
export function decodedHashes(track: EncodedTrack, size: string): string[] {
  const { parameters, units } = track
  if (parameters.codec !== 'h264' && parameters.codec !== 'h265') throw new Error('no video')
  const startCode = Buffer.from([0, 0, 0, 1])
  const sets = [...('vps' in parameters ? [parameters.vps] : []), parameters.sps, ...parameters.pps]
  const stream: Uint8Array[] = sets.flatMap(set => [startCode, set])
  for (const { bytes } of units)
    for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32BE(at))
      stream.push(startCode, bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)))
  const format = parameters.codec === 'h264' ? 'h264' : 'hevc'
  const { stdout } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-f', format, '-i', 'pipe:0', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'],
    { input: Buffer.concat(stream), maxBuffer: 2 ** 30 },
  )
  return pictureHashes(stdout, size)
}

/** A hash of each picture of 4:2:0 raw video. */
export function pictureHashes(raw: Buffer, size: string): string[] {
  const [width = 0, height = 0] = size.split('x').map(Number)
  const bytes = (width * height * 3) / 2
  return Array.from({ length: Math.floor(raw.length / bytes) }, (_, index) =>
    createHash('md5')
      .update(raw.subarray(index * bytes, (index + 1) * bytes))
      .digest('hex'),
  )
}

/** Says where `seen` departs from the endless loop of `loop`; undefined when it is an unbroken piece of it. */
export function departure(seen: readonly string[], loop: readonly string[]): string | undefined {
  const start = loop.indexOf(seen[0] ?? '')
  if (start < 0) return 'the first picture is none of the source'
  const wrong = seen.findIndex((hash, index) => hash !== loop[(start + index) % loop.length])
  if (wrong < 0) return undefined
  return `picture ${wrong} should be number ${(start + wrong) % loop.length} and is ${loop.indexOf(seen[wrong]!)}`
}
