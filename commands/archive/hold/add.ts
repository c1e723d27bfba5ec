import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { currentUser } from '../../../src/cli/camera-selection.ts'
import { stateDirOf } from '../../../src/cli/daemon-client.ts'
import { loadSite } from '../../../src/cli/load-site.ts'
import type { HoldAdded } from '../../../src/recording/retention/index.ts'

export default class ArchiveHoldAdd extends BaseCommand {
  static override summary = 'Hold footage of a camera: nothing deletes it until it is released'
  static override description =
    `Segments that overlap the span are kept whole, whatever their age, the quotas and the room on the disk. The hold is written
into the index and into holds.json beside the footage. Holds may overlap: each is released by itself. What of the span is gone
already, or is being deleted at this moment, is told.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1 --from "yesterday 14:00" --to "yesterday 16:00" --reason "accident, police file 4711"',
    '<%= config.bin %> <%= command.id %> gate-1 --from -2h --to now --reason "fire alarm" --by "J. Smith" --json',
  ]
  static override args = { camera: argument({ required: true, description: 'camera by id' }) }
  static override flags = {
    from: string({
      required: true,
      description: 'begin, like "yesterday 14:00", -2h or RFC 3339; in the zone of the site',
    }),
    to: string({ required: true, description: 'end; may lie in the future' }),
    reason: string({ required: true, description: 'why, for whoever finds it in a year' }),
    by: string({ description: 'who asks for it (default: the user)' }),
  }

  async run(): Promise<HoldAdded> {
    const { args, flags } = await this.parse(ArchiveHoldAdd)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { holdFootage } = await import('../../../src/cli/hold-site.ts')
    const { renderHoldAdded, tellFileTrouble } = await import('../../../src/cli/hold-view.ts')
    const { from, to, reason, by = currentUser() } = flags
    const added = await holdFootage(config, stateDirOf(flags), { camera: args.camera, from, to, reason, by })
    this.result(renderHoldAdded(added, config.site.timezone))
    tellFileTrouble(added.fileTrouble)
    return added
  }
}
