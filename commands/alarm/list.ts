import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { statePaths } from '../../src/config/state-paths.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import type { RaisedAlarm } from '../../src/recording/alarms/index.ts'

export default class AlarmList extends BaseCommand {
  static override summary = 'Show the alarms that last'
  static override description =
    'What the daemon found wrong when it last looked, the oldest first. Exits with 8 when there is any.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<{ timezone: string; alarms: readonly RaisedAlarm[] }> {
    const { flags } = await this.parse(AlarmList)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { timezone } = config.site
    const { readRaised } = await import('../../src/recording/alarms/index.ts')
    const alarms = readRaised(statePaths(stateDirOf(flags)).alarms)
    if (alarms.length > 0) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderAlarms } = await import('../../src/cli/alarm-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderAlarms(alarms, timezone, await paletteFor(process.stdout, process.env)))
    }
    return { timezone, alarms }
  }
}
