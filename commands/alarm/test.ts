import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import type { TestResult } from '../../src/cli/test-alarms.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'

export default class AlarmTest extends BaseCommand {
  static override summary = 'Send a test message to those who are told of alarms'
  static override description =
    'Once to each entry of alarms.deliver, or to the one that is named, without a retry. Exits with 6 when one fails.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --to oncall',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override flags = {
    to: string({ description: 'name of one entry of alarms.deliver' }),
  }

  async run(): Promise<{ results: readonly TestResult[] }> {
    const { flags } = await this.parse(AlarmTest)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { testAlarms } = await import('../../src/cli/test-alarms.ts')
    const { interruptible } = await import('../../src/cli/long-work.ts')
    const results = await interruptible(signal => testAlarms(config, flags.to, process.env, signal))
    if (results.some(({ error }) => error !== null)) this.fail(EXIT_CODES.remote)
    if (results.length === 0) this.result('Nobody is told: alarms.deliver is empty.')
    for (const { target, kind, error } of results) this.result(`${target} (${kind}): ${error ?? 'delivered'}`)
    return { results }
  }
}
