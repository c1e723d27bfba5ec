import { string as argument } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { selectionFlags } from '../../src/cli/camera-selection.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import type { RepairReport } from '../../src/recording/verify/index.ts'

export default class ArchiveRepair extends BaseCommand {
  static override summary = 'Close the segments that a crash or a power cut left open'
  static override description =
    `Each is cut behind its last whole fragment, gets its durations, index and hash, and says from then on that it was
repaired. Files in order, files of others, those damaged in their middle and those that changed in the last ten seconds or that
somebody writes to are left alone. All cameras unless cameras or files are named. Can be interrupted and run again at any
time. Exits with 8 when a file remains that somebody should look at.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> gate-1/main/2026-11-24/20261124T180000Z.mp4',
  ]
  static override strict = false
  static override args = { camera: argument({ description: 'cameras by id, or files', required: false }) }
  static override flags = {
    group: selectionFlags.group,
    'dry-run': boolean({ char: 'n', description: 'say what would be done, and change nothing' }),
  }

  async run(): Promise<RepairReport> {
    const { flags, argv } = await this.parse(ArchiveRepair)
    const { config } = await loadSite(flags)
    const { longWork } = await import('../../src/cli/long-work.ts')
    const { repairSite } = await import('../../src/cli/repair-site.ts')
    const quiet = flags.quiet || this.jsonEnabled()
    const request = { ...flags, named: argv as string[] }
    const report = await longWork('repairing the archive', quiet, context => repairSite(config, request, context))
    if (report.failed > 0) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderRepair } = await import('../../src/cli/repair-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderRepair(report, await paletteFor(process.stdout, process.env)))
    }
    return report
  }
}
