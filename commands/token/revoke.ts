import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import type { TokenRecord } from '../../src/access/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser } from '../../src/cli/camera-selection.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { VmsError } from '../../src/kernel/errors.ts'

export default class TokenRevoke extends BaseCommand {
  static override summary = 'Take access tokens back'
  static override description =
    'By id, or all of a user that hold. Who is watching with one is sent away within 10 s where a daemon runs; where none does, when the next one starts.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01kax3v8m2q7w9zc',
    '<%= config.bin %> <%= command.id %> --user anna',
    "<%= config.bin %> <%= command.id %> --user anna --json | jq -r '.revoked[].id'",
  ]
  static override strict = false
  static override args = { id: argument({ description: 'ids of tokens, as "token list" shows them', required: false }) }
  static override flags = { user: string({ char: 'u', description: 'all tokens of this user' }) }

  async run(): Promise<{ revoked: readonly TokenRecord[] }> {
    const { flags, argv } = await this.parse(TokenRevoke)
    const ids = argv as string[]
    const { user } = flags
    if (ids.length > 0 === (user !== undefined))
      throw new VmsError('VMS_E_USAGE', user === undefined ? 'no token named' : 'ids and --user exclude each other', {
        hint: 'Name tokens by id, or --user U.',
      })
    const { revokeTokens } = await import('../../src/cli/token-site.ts')
    const { describeRevoked } = await import('../../src/cli/token-view.ts')
    const which = user === undefined ? { ids } : { user }
    const revoked = await revokeTokens(stateDirOf(flags), which, currentUser())
    this.result(describeRevoked(revoked))
    return { revoked }
  }
}
