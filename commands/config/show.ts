import { BaseCommand } from '../../src/cli/base-command.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { describeSite, showSite } from '../../src/config/index.ts'

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the configuration with everything filled in'

  static override description =
    `Defaults, groups and ranges are resolved: one entry a camera. Of passwords only the place is shown, never the
password. With --json, times are milliseconds and sizes are bytes.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.cameras[].id'",
  ]

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConfigShow)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    if (!this.jsonEnabled()) this.log((await describeSite(config)).trimEnd())
    return showSite(config)
  }
}
