import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { selectionArgs, selectionFlags } from '../../src/cli/camera-selection.ts'
import type { ExportFlags, ExportReport } from '../../src/cli/export-site.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import type { SiteConfig } from '../../src/config/types.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { EXIT_CODES, VmsError } from '../../src/kernel/errors.ts'

/** Exits 8 when footage that was to be there is damaged, or a camera of several could not be exported. */
export default class ArchiveExport extends BaseCommand {
  static override summary = 'Write footage to an MP4 file that plays everywhere'
  static override description =
    `Copies what was recorded, without encoding it anew and without ffmpeg; players start at the very instant that was asked for. Gaps
keep their time in the clip (the last picture stands) unless --gaps close. Several cameras, or a group, go into a directory, one file
each. The file gets its name when it is whole. Segments that are gone or damaged leave a gap, are named, and make the command
exit with 8.

--evidence writes a signed manifest beside the clip: hashes of the clip and of the segments, times, clock offsets, gaps with
their reasons, who exported. "archive check-evidence" verifies it anywhere. The key is made once and kept in the state
directory unless --key names one.

With -o - the footage of one camera goes to standard output as fragmented MP4, for a player that reads a pipe; it begins
with the key frame before, and ends where codec parameters change.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1 --from "yesterday 14:00" --to "yesterday 14:30" -o clip.mp4',
    '<%= config.bin %> <%= command.id %> --group outside --from -2h -o clips/ --evidence',
    '<%= config.bin %> <%= command.id %> gate-1 --from -10min -o originals/ --segments',
    '<%= config.bin %> <%= command.id %> gate-1 --from -10min -o - | ffplay -',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = {
    from: string({
      required: true,
      description: 'begin, like 14:00, "yesterday 14:00", -2h or RFC 3339; in the zone of the site',
    }),
    to: string({ description: 'end (default: now)' }),
    output: string({ char: 'o', required: true, description: 'file; directory for several; - for standard output' }),
    group: selectionFlags.group,
    stream: option({ default: 'main', options: ['main', 'sub'] as const })(),
    gaps: option({
      default: 'keep',
      options: ['keep', 'close'] as const,
      description: 'gaps keep their time in the clip, or are closed',
    })(),
    audio: boolean({ default: true, allowNo: true, description: 'with the sound' }),
    segments: boolean({ description: 'copy the recorded files themselves into the directory' }),
    evidence: boolean({ description: 'write a signed manifest beside each clip' }),
    key: string({ dependsOn: ['evidence'], description: 'Ed25519 key that signs, PEM with PKCS #8' }),
    force: boolean({ char: 'f', description: 'replace files that are there' }),
  }

  async run(): Promise<ExportReport | undefined> {
    const { flags, argv } = await this.parse(ArchiveExport)
    const { config } = await loadSite(flags)
    const { spanOf } = await import('../../src/cli/archive-span.ts')
    const { longWork } = await import('../../src/cli/long-work.ts')
    const { exportSite } = await import('../../src/cli/export-site.ts')
    const span = spanOf(flags, { now: systemClock.wall(), timezone: config.site.timezone })
    const request = { ...flags, named: argv as string[], span }
    if (flags.output === '-') {
      await this.#pipe(config, request)
      return undefined
    }
    const quiet = flags.quiet || this.jsonEnabled()
    const report = await longWork('exporting', quiet, context => exportSite(config, request, context))
    if (!report.ok) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderExport } = await import('../../src/cli/export-view.ts')
      this.result(renderExport(report))
    }
    return report
  }

  async #pipe(config: SiteConfig, flags: ExportFlags): Promise<void> {
    if (this.jsonEnabled() || flags.segments || flags.evidence || process.stdout.isTTY)
      throw new VmsError(
        'VMS_E_USAGE',
        'standard output takes footage for a pipe, without --json, --segments and --evidence',
      )
    const { interruptible } = await import('../../src/cli/long-work.ts')
    const { pipeSite } = await import('../../src/cli/pipe-site.ts')
    const end = await interruptible(signal => pipeSite(config, flags, process.stdout, signal))
    if (end.reason !== 'parameters') return
    const { formatInstant } = await import('../../src/kernel/instant.ts')
    const at = formatInstant(end.at, config.site.timezone)
    process.stderr.write(`The codec parameters change at ${at}: the stream ends there.\n`)
  }
}
