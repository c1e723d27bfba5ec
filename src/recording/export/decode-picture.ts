import { spawn } from 'node:child_process'
import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import { copyMedia } from './copy-media.ts'
import type { ClipPlan } from './plan-clip.ts'

/** Milliseconds that ffmpeg may take for one picture. */
const PATIENCE = 10_000

/** Bytes of a JPEG, and of what ffmpeg says, that are taken. */
const MAX_PICTURE = 64 * 1024 * 1024
const MAX_WORDS = 2_000

/**
 * The picture that a clip begins with, as JPEG: ffmpeg gets the clip by its standard input, and decodes from the key frame to that very frame.
 * Undefined when there is no ffmpeg. Throws VMS_E_TIMEOUT after 10 s, VMS_E_FOOTAGE_DAMAGED when ffmpeg makes no
 * picture of it, the signal's reason.
 */
export async function decodePicture(
  { head, copies }: Pick<ClipPlan, 'head' | 'copies'>,
  clock: Clock,
  signal: AbortSignal,
  program = 'ffmpeg',
): Promise<Buffer | undefined> {
  const child = spawn(program, ARGUMENTS, { stdio: ['pipe', 'pipe', 'pipe'] })
  const picture: Buffer[] = []
  let size = 0
  let words = ''
  child.stdout.on('data', (data: Buffer) => {
    size += data.length
    if (size <= MAX_PICTURE) picture.push(data)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(0, MAX_WORDS)
  })
  // It closes its input when it has the picture.
  child.stdin.on('error', () => {})
  let late = false
  const timer: Timer = clock.after(PATIENCE, () => {
    late = true
    child.kill('SIGKILL')
  })
  const interrupt = () => child.kill('SIGKILL')
  signal.addEventListener('abort', interrupt, { once: true })
  const ended = new Promise<Error | number | null>(resolve => {
    child.once('error', resolve)
    child.once('close', resolve)
  })
  try {
    await feed(child.stdin, head, copies, ended, signal)
    const code = await ended
    signal.throwIfAborted()
    if (code instanceof Error) {
      if (systemCode(code) === 'ENOENT') return undefined
      throw new VmsError('VMS_E_PROGRAM_MISSING', `${program} cannot be started: ${messageOf(code)}`, { cause: code })
    }
    if (late) throw new VmsError('VMS_E_TIMEOUT', `${program} made no picture in ${PATIENCE / 1_000} s`)
    if (code === 0 && size > 0 && size <= MAX_PICTURE) return Buffer.concat(picture)
    const why = words.trim().split('\n')[0] || `it ended with ${code}`
    throw new VmsError('VMS_E_FOOTAGE_DAMAGED', `${program} made no picture: ${why}`)
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', interrupt)
    child.kill('SIGKILL')
  }
}

const ARGUMENTS = [
  ...['-v', 'error', '-f', 'mp4', '-i', 'pipe:0', '-map', '0:v:0', '-frames:v', '1'],
  ...['-c:v', 'mjpeg', '-q:v', '2', '-f', 'mjpeg', 'pipe:1'],
]

/** Writes the clip to ffmpeg, as fast as it takes it; ends early when ffmpeg does. */
async function feed(
  input: NodeJS.WritableStream,
  head: Buffer,
  copies: ClipPlan['copies'],
  ended: Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  let over = false
  void ended.then(() => {
    over = true
  })
  const write = (bytes: Buffer) =>
    Promise.race([ended, new Promise<void>(resolve => input.write(bytes, () => resolve()))])
  await write(head)
  await copyMedia(
    copies,
    async pieces => {
      for (const piece of pieces) if (!over) await write(piece)
    },
    signal,
  )
  input.end()
}
