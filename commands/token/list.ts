import { boolean } from '@oclif/core/flags'
import type { TokenRecord } from '../../src/access/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { systemClock } from '../../src/kernel/clock.ts'

export default class TokenList extends BaseCommand {
  static override summary = 'List the access tokens that were given out'
  static override description =
    'Those that hold, in the order in which they were given out; not their text, which is kept nowhere. With --json, times are milliseconds.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.tokens[].user'",
  ]
  static override flags = {
    all: boolean({ char: 'a', description: 'those too that ran out or were revoked in the last 90 days' }),
  }

  async run(): Promise<{ tokens: readonly TokenRecord[] }> {
    const { flags } = await this.parse(TokenList)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { listTokens } = await import('../../src/cli/token-site.ts')
    const { renderTokens } = await import('../../src/cli/token-view.ts')
    const tokens = listTokens(stateDirOf(flags), flags.all)
    this.result(renderTokens(tokens, systemClock.wall(), config.site.timezone))
    return { tokens }
  }
}
