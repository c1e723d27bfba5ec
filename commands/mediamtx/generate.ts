import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { tellNotes } from '../../src/cli/tell-notes.ts'
import { chooseVersion, planRelay } from '../../src/streaming/mediamtx/index.ts'

export default class MediamtxGenerate extends BaseCommand {
  static override summary = 'Write the configuration of MediaMTX from vms.yaml'

  static override description =
    `One path live/CAMERA for each sub-stream and main/CAMERA for each main stream, pulled from the gateway of vmsctl while somebody
watches. MediaMTX asks the daemon who may watch. Nothing secret stands in the file; what mediamtx: in vms.yaml says is in it.

The daemon does the same by itself when it runs MediaMTX.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --for 1.17 -o /etc/mediamtx.yml',
  ]

  static override flags = {
    for: string({ description: 'version of MediaMTX, such as 1.17 (default: the one that is found)' }),
    output: string({
      char: 'o',
      description: 'write to this file, for its owner alone to read, instead of standard output',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MediamtxGenerate)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { version, notes } = await chooseVersion(flags.for, config.mediamtx.program, process.env)
    const { renderRelay } = await import('../../src/streaming/mediamtx/render/render.ts')
    const plan = planRelay(config, version)
    const text = renderRelay(plan)
    if (!this.jsonEnabled()) tellNotes(notes)
    if (flags.output !== undefined) {
      const { writeReport } = await import('../../src/report/index.ts')
      await writeReport(flags.output, text, 0o600)
      this.result(`${flags.output} is for MediaMTX ${version}: ${plan.paths.length} paths.`)
    } else if (!this.jsonEnabled()) this.log(text.trimEnd())
    return { version, notes, paths: plan.paths.length, file: flags.output ?? null, configuration: text }
  }
}
