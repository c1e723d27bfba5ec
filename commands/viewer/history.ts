import { integer, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { Viewing } from '../../src/streaming/index.ts'

export default class ViewerHistory extends BaseCommand {
  static override summary = 'Show who watched what, from when to when'
  static override description =
    'The newest first. It is kept for 90 days, or as long as viewing.history says. Times are read in the zone of the site.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --camera gate-1 --from "yesterday 14:00" --to "yesterday 16:00"',
    '<%= config.bin %> <%= command.id %> --user anna --from -7d --json',
  ]
  static override flags = {
    camera: string({ description: 'only of this camera' }),
    user: string({ char: 'u', description: 'only of this user' }),
    from: string({ description: 'who watched after that (default: -24h)' }),
    to: string({ description: 'who watched before that (default: now)' }),
    limit: integer({ description: 'lines', default: 1_000, min: 1, max: 100_000 }),
  }

  async run(): Promise<{ from: number; to: number; viewings: readonly Viewing[] }> {
    const { flags } = await this.parse(ViewerHistory)
    const { camera, user, from, to, limit } = flags
    const result = await daemonClient(flags).live.history({ camera, user, from, to, limit })
    if (!this.jsonEnabled()) {
      const { renderHistory } = await import('../../src/cli/viewer-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderHistory(result.viewings, limit, await paletteFor(process.stdout, process.env)))
    }
    return result
  }
}
