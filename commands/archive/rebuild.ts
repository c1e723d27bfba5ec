import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import type { RebuildReport } from '../../src/cli/rebuild-archive.ts'

export default class ArchiveRebuild extends BaseCommand {
  static override summary = 'Read into the index what the files of the archive say and it lacks'
  static override description =
    `Deletes nothing. What the index knows is not opened again, so a rebuild that was interrupted goes on where it
was. Works beside a running daemon. An index that SQLite calls damaged is put aside first.`
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<RebuildReport> {
    const { flags } = await this.parse(ArchiveRebuild)
    const { config } = await loadSite(flags)
    const { longWork } = await import('../../src/cli/long-work.ts')
    const { rebuildArchive, renderRebuild } = await import('../../src/cli/rebuild-archive.ts')
    const quiet = flags.quiet || this.jsonEnabled()
    const report = await longWork('reading the archive', quiet, context =>
      rebuildArchive(config, stateDirOf(flags), context),
    )
    this.result(renderRebuild(report))
    return report
  }
}
