import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { currentUser } from '../../../src/cli/camera-selection.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { Hold } from '../../../src/recording/segment-index/hold-table.ts'

export default class ArchiveHoldRelease extends BaseCommand {
  static override summary = 'Release a legal hold: retention has the footage again'
  static override description =
    'What is older than is kept goes soon afterwards, unless another hold has it. The hold stays in the list (--all), with who released it and why.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01kax3v8m2q7w9zc --reason "case closed"',
    '<%= config.bin %> <%= command.id %> 01kax3v8m2q7w9zc --reason "case closed" --by "J. Smith" --json',
  ]
  static override args = {
    id: argument({ required: true, description: 'id of the hold, as "archive hold list" shows it' }),
  }
  static override flags = {
    reason: string({ required: true, description: 'why' }),
    by: string({ description: 'who releases it (default: the user)' }),
  }

  async run(): Promise<{ hold: Hold; fileTrouble: string | null }> {
    const { args, flags } = await this.parse(ArchiveHoldRelease)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { endHold } = await import('../../../src/cli/hold-site.ts')
    const { tellFileTrouble } = await import('../../../src/cli/hold-view.ts')
    const { reason, by = currentUser() } = flags
    const released = await endHold(config, stateDirOf(flags), { id: args.id, reason, by })
    const { camera, id } = released.hold
    this.result(`Hold ${id} of ${camera} is released.`)
    tellFileTrouble(released.fileTrouble)
    return released
  }
}
