import { readFile } from 'node:fs/promises'
import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { messageOf, VmsError } from '../../src/kernel/errors.ts'
import type { FrameVerdict, StreamSendings } from '../../src/media/virtual/index.ts'

/** Exits 8 when frames are missing, doubled or out of order. */
export default class CameraVerifyFrames extends BaseCommand {
  static override summary = 'Prove that recordings of virtual cameras have every frame, once and in order'
  static override description =
    `Reads the marks that "vmsctl camera simulate" puts into every frame. Frames are numbered by time since the camera's start, so a gap
tells what was missed whether it was sent or not. With --expect, what the cameras say they sent is compared: then only a frame
that was sent counts as missing. Recordings may be written meanwhile.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./archive',
    '<%= config.bin %> <%= command.id %> ./archive --camera "cam-00*" --expect sent.json --json',
  ]

  static override args = { directory: argument({ required: true, description: 'directory with MP4 files below it' }) }

  static override flags = {
    camera: string({ description: 'camera id or pattern (*, ?)' }),
    from: string({ description: 'only frames sent at or after this time (ISO 8601)' }),
    to: string({ description: 'only frames sent before this time' }),
    expect: string({ description: 'file of "camera simulate --statistics"' }),
    all: boolean({ description: 'also list the cameras that are complete' }),
  }

  async run(): Promise<FrameVerdict> {
    const { args, flags } = await this.parse(CameraVerifyFrames)
    const { renderVerdict, verifyFrames } = await import('../../src/media/virtual/index.ts')
    const verdict = await verifyFrames(args.directory, {
      camera: flags.camera,
      from: readTime('from', flags.from),
      to: readTime('to', flags.to),
      expect: flags.expect === undefined ? undefined : await readExpected(flags.expect),
    })
    if (!verdict.ok) this.fail(new VmsError('VMS_E_FRAMES_MISSING', '').exitCode)
    if (!verdict.ok || !flags.quiet) this.result(renderVerdict(verdict, flags.all))
    return verdict
  }
}

function readTime(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new VmsError('VMS_E_USAGE', `--${flag} "${text}" is no time like 2026-01-31T12:00:00Z`)
  return time
}

async function readExpected(path: string): Promise<readonly StreamSendings[]> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as { streams?: unknown }
    if (!Array.isArray(read.streams)) throw new Error('it has no streams')
    return read.streams as StreamSendings[]
  } catch (error) {
    throw new VmsError('VMS_E_USAGE', `--expect ${path} cannot be used: ${messageOf(error)}`, { cause: error })
  }
}
