import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { Hold } from '../../../src/recording/segment-index/hold-table.ts'

export default class ArchiveHoldList extends BaseCommand {
  static override summary = 'List the legal holds'
  static override description =
    'In the order in which they were added. Times are in the zone of the site; with --json they are milliseconds.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.holds[].id'",
  ]
  static override flags = { all: boolean({ char: 'a', description: 'those too that were released' }) }

  async run(): Promise<{ holds: readonly Hold[] }> {
    const { flags } = await this.parse(ArchiveHoldList)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { listHolds } = await import('../../../src/cli/hold-site.ts')
    const { renderHolds } = await import('../../../src/cli/hold-view.ts')
    const holds = await listHolds(config, stateDirOf(flags), flags.all)
    this.result(renderHolds(holds, config.site.timezone))
    return { holds }
  }
}
