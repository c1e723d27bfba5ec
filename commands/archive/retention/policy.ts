import { BaseCommand } from '../../../src/cli/base-command.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { PolicyReport } from '../../../src/cli/retention-site.ts'

export default class ArchiveRetentionPolicy extends BaseCommand {
  static override summary = 'Show how long footage is kept, and who gives first when room is short'
  static override description =
    'The cameras in the order in which they would give their oldest footage, as the policy in vms.yaml and the archive have it now. Deletes nothing.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<PolicyReport> {
    const { flags } = await this.parse(ArchiveRetentionPolicy)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { policyOfSite } = await import('../../../src/cli/retention-site.ts')
    const report = await policyOfSite(config, stateDirOf(flags))
    if (!this.jsonEnabled()) {
      const { renderPolicy } = await import('../../../src/cli/retention-view.ts')
      this.result(renderPolicy(report, config.site.timezone))
    }
    return report
  }
}
