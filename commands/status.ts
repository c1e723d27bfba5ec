import { string } from '@oclif/core/args'
import { boolean, integer } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { daemonClient } from '../src/cli/daemon-client.ts'
import type { SiteStatus } from '../src/daemon/types.ts'
import { EXIT_CODES } from '../src/kernel/errors.ts'

/** Cameras in good order that the short form shows beside those in trouble. */
const EXAMPLES = 3

export default class Status extends BaseCommand {
  static override summary = 'Show whether every camera is recorded as it should be'
  static override description =
    'The first line is the answer. Exits with 8 when a camera that should be recorded is not, so that cron can use it (with --quiet it speaks only then).'
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status gate-1 hall-007',
    '<%= config.bin %> status --json',
  ]
  static override strict = false
  static override args = { camera: string({ description: 'only these cameras', required: false }) }
  static override flags = {
    all: boolean({ description: 'every camera, also those that are well' }),
    watch: boolean({ char: 'w', description: 'show it again and again, until Ctrl-C', exclusive: ['json'] }),
    interval: integer({ description: 'seconds between two rounds of --watch', default: 2, min: 1, max: 3600 }),
  }

  async run(): Promise<SiteStatus> {
    const { flags, argv } = await this.parse(Status)
    const cameras = argv as string[]
    const whole = flags.all || this.jsonEnabled() || cameras.length > 0
    const client = daemonClient(flags)
    const ask = () =>
      client.status({ cameras: cameras.length > 0 ? cameras : undefined, attention: whole ? undefined : EXAMPLES })
    let watched: SiteStatus | undefined
    if (flags.watch) {
      const { watchStatus } = await import('../src/cli/watch-status.ts')
      watched = await watchStatus(ask, flags.interval * 1000)
    }
    const status = watched ?? (await ask())
    if (status.summary.bad > 0) this.fail(EXIT_CODES.check)
    if (!watched && !this.jsonEnabled() && (!flags.quiet || status.summary.bad > 0)) {
      const { renderStatus } = await import('../src/cli/status-view.ts')
      const { paletteFor } = await import('../src/cli/palette.ts')
      this.log(renderStatus(status, await paletteFor(process.stdout, process.env)))
    }
    return status
  }
}
