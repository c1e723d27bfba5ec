import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { GivingPolicy } from '../../../src/config/types.ts'
import { EXIT_CODES } from '../../../src/kernel/errors.ts'
import { parseDuration } from '../../../src/kernel/units.ts'
import type { RetentionPlan } from '../../../src/recording/retention/index.ts'

const POLICIES: readonly GivingPolicy[] = ['oldest-first', 'by-priority', 'fair-by-days']

export default class ArchiveRetentionPlan extends BaseCommand {
  static override summary = 'Show what would be deleted now, and when which promise breaks'
  static override description =
    `Deletes nothing. What is older than is kept goes, then what is over a quota, then the oldest by the policy until there is
room for the hours of "headroom". It looks ahead at the bit rates of the last 24 hours: a promise breaks when footage has to go that
is younger than its "age". With --json the first 1,000 segments that would go are named. Exits with 8 when there is not enough that may go.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --policy fair-by-days',
    '<%= config.bin %> <%= command.id %> --fail-within 7d --quiet',
    "<%= config.bin %> <%= command.id %> --json | jq '.forecast.promises[0]'",
  ]
  static override flags = {
    all: boolean({ char: 'a', description: 'cameras of which nothing goes too' }),
    policy: string({ options: [...POLICIES], description: 'try this policy in place of the one in force' }),
    'fail-within': string({ description: 'exit with 8 when a promise breaks within this time, such as 7d' }),
  }

  async run(): Promise<RetentionPlan> {
    const { flags } = await this.parse(ArchiveRetentionPlan)
    const within = flags['fail-within'] === undefined ? undefined : parseDuration(flags['fail-within'])
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { planSite } = await import('../../../src/cli/retention-site.ts')
    const plan = await planSite(config, stateDirOf(flags), flags.policy as GivingPolicy | undefined)
    const breaks = plan.forecast.promises[0]?.breaksAt ?? Number.POSITIVE_INFINITY
    if (plan.alarms.length > 0 || (within !== undefined && breaks <= plan.now + within)) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderPlan } = await import('../../../src/cli/retention-view.ts')
      const { paletteFor } = await import('../../../src/cli/palette.ts')
      this.result(renderPlan(plan, config.site.timezone, flags.all, await paletteFor(process.stdout, process.env)))
    }
    return plan
  }
}
