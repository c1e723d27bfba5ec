import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { selectionArgs, selectionFlags } from '../../src/cli/camera-selection.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import type { VerifyReport } from '../../src/recording/verify/index.ts'

export default class ArchiveVerify extends BaseCommand {
  static override summary = 'Check that the archive is whole, and unchanged since it was recorded'
  static override description =
    `Every file against what it says of itself, against its neighbours, and against the index: files that are damaged or
left open, holes that nothing explains, files that the index lacks and the other way round. With --deep each byte is read and
hashed as well. All cameras unless some are named. Writes nothing, and works beside a running daemon; what is being recorded
now is no fault. Exits with 8 when anything is wrong.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --deep --since "yesterday 00:00"',
    '<%= config.bin %> <%= command.id %> gate-1 --since -2h --json',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = {
    group: selectionFlags.group,
    deep: boolean({ description: 'read every byte, and compare it with the hash of when it was recorded' }),
    since: string({
      description: 'only footage after this, like "yesterday 14:00", -2h or RFC 3339, in the zone of the site',
    }),
  }

  async run(): Promise<VerifyReport> {
    const { flags, argv } = await this.parse(ArchiveVerify)
    const { config } = await loadSite(flags)
    const since = flags.since === undefined ? undefined : await instantOf(flags.since, config.site.timezone)
    const { longWork } = await import('../../src/cli/long-work.ts')
    const { verifySite } = await import('../../src/cli/verify-site.ts')
    const quiet = flags.quiet || this.jsonEnabled()
    const request = { ...flags, named: argv as string[], since }
    const report = await longWork('verifying the archive', quiet, context => verifySite(config, request, context))
    if (!report.ok) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderVerify } = await import('../../src/cli/verify-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderVerify(report, await paletteFor(process.stdout, process.env)))
    }
    return report
  }
}

async function instantOf(text: string, timezone: string): Promise<number> {
  const { parseInstant } = await import('../../src/kernel/instant.ts')
  return parseInstant(text, { now: systemClock.wall(), timezone })
}
