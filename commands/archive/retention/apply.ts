import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { AppliedRetention } from '../../../src/cli/retention-site.ts'
import { EXIT_CODES } from '../../../src/kernel/errors.ts'
import type { RetentionPlan } from '../../../src/recording/retention/index.ts'

export default class ArchiveRetentionApply extends BaseCommand {
  static override summary = 'Delete now what retention says has to go'
  static override description =
    `What "archive retention plan" shows, in batches of a hundred files with pauses, so that no recording is slowed. Works beside a
running daemon, which does the same all the time. Only files that say themselves that they are what the index says are deleted; held
footage and the last hour of a camera never are. Interrupted, it leaves nothing half done that the next one does not finish.
Exits with 8 when there is not enough that may go.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override flags = {
    'dry-run': boolean({ char: 'n', description: 'delete nothing; show the plan' }),
  }

  async run(): Promise<AppliedRetention | RetentionPlan> {
    const { flags } = await this.parse(ArchiveRetentionApply)
    const quiet = flags.quiet || this.jsonEnabled()
    const { config } = await loadSite({ config: flags.config, quiet })
    const { applyRetention, planSite } = await import('../../../src/cli/retention-site.ts')
    const { renderApplied, renderPlan } = await import('../../../src/cli/retention-view.ts')
    if (flags['dry-run']) {
      const plan = await planSite(config, stateDirOf(flags))
      if (plan.alarms.length > 0) this.fail(EXIT_CODES.check)
      const { PLAIN } = await import('../../../src/cli/palette.ts')
      this.result(renderPlan(plan, config.site.timezone, false, PLAIN))
      return plan
    }
    const { longWork } = await import('../../../src/cli/long-work.ts')
    const done = await longWork('deleting footage', quiet, context =>
      applyRetention(config, stateDirOf(flags), context),
    )
    if (done.alarms.length > 0) this.fail(EXIT_CODES.check)
    this.result(renderApplied(done))
    return done
  }
}
