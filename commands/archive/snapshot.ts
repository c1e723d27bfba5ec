import { string as argument } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import type { Snapshot } from '../../src/recording/export/index.ts'

export default class ArchiveSnapshot extends BaseCommand {
  static override summary = 'Write the picture that a camera showed at an instant'
  static override description =
    `A JPEG of that very frame, by ffmpeg. Without ffmpeg, or when the file is to be an .mp4, the key frame before it in an MP4 of one
frame. Says which it wrote.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1 --at "yesterday 14:03:20" -o gate.jpg',
    '<%= config.bin %> <%= command.id %> gate-1 --at -5min -o gate.mp4 --json',
  ]
  static override args = { camera: argument({ required: true, description: 'camera by id' }) }
  static override flags = {
    at: string({
      required: true,
      description: 'instant, like 14:00, "yesterday 14:00", -2h or RFC 3339; in the zone of the site',
    }),
    output: string({ char: 'o', required: true, description: 'file: .jpg, or .mp4 for the key frame as it is' }),
    stream: option({ default: 'main', options: ['main', 'sub'] as const })(),
    force: boolean({ char: 'f', description: 'replace a file that is there' }),
  }

  async run(): Promise<Snapshot> {
    const { args, flags } = await this.parse(ArchiveSnapshot)
    const { config } = await loadSite(flags)
    const { timezone } = config.site
    const { formatInstant, parseInstant } = await import('../../src/kernel/instant.ts')
    const now = systemClock.wall()
    const at = parseInstant(flags.at, { now, timezone })
    if (at > now)
      throw new VmsError('VMS_E_USAGE', `${formatInstant(at, timezone)} is in the future`, {
        hint: `It is ${formatInstant(now, timezone)} here.`,
      })
    const { interruptible } = await import('../../src/cli/long-work.ts')
    const { snapshotSite } = await import('../../src/cli/snapshot-site.ts')
    const snapshot = await interruptible(signal => snapshotSite(config, { ...flags, camera: args.camera, at }, signal))
    if (!this.jsonEnabled()) {
      const { renderSnapshot } = await import('../../src/cli/export-view.ts')
      this.result(renderSnapshot(snapshot, timezone))
    }
    return snapshot
  }
}
