import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import type { KeyReport } from '../../src/cli/token-site.ts'

export default class TokenKeys extends BaseCommand {
  static override summary = 'List the keys that sign and check access tokens'
  static override description =
    `The first token makes the first key. --rotate makes another for new tokens and destroys the private half of the one before;
that one still checks the tokens it signed, until the last has run out. Private keys lie in the state directory, keys/.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rotate',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.keys[] | select(.signs).id'",
  ]
  static override flags = { rotate: boolean({ description: 'make another key for new tokens' }) }

  async run(): Promise<{ keys: readonly KeyReport[] }> {
    const { flags } = await this.parse(TokenKeys)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { listKeys, rotateKeys } = await import('../../src/cli/token-site.ts')
    const { renderKeys } = await import('../../src/cli/token-view.ts')
    if (flags.rotate) await rotateKeys(stateDirOf(flags))
    const keys = listKeys(stateDirOf(flags))
    this.result(renderKeys(keys, config.site.timezone))
    return { keys }
  }
}
