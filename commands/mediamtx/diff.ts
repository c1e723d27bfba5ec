import { string } from '@oclif/core/args'
import { string as stringFlag } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { tellNotes } from '../../src/cli/tell-notes.ts'
import { chooseVersion, planRelay } from '../../src/streaming/mediamtx/index.ts'

export default class MediamtxDiff extends BaseCommand {
  static override summary = 'Show how MediaMTX is configured otherwise than vms.yaml wants'

  static override description =
    `Compares what would be rendered with a file, or with the running MediaMTX that mediamtx.attach names, or else with the file that the
daemon wrote for its own. Of the paths live/... and main/... are compared, for the others are not ours. + is missing, - is too much, ~
differs; ! is a setting of the whole server, with whom its change interrupts.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> /etc/mediamtx.yml --for 1.17',
  ]

  static override args = { file: string({ description: 'configuration file of MediaMTX' }) }

  static override flags = {
    for: stringFlag({ description: 'version of MediaMTX, such as 1.17 (default: the one that is found or runs)' }),
  }

  async run(): Promise<unknown> {
    const { flags, args } = await this.parse(MediamtxDiff)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { compareRelay } = await import('../../src/streaming/mediamtx/change/compare.ts')
    const { diffAnswer, renderDiff } = await import('../../src/cli/relay-diff-view.ts')
    const { version, notes } = await chooseVersion(flags.for, config.mediamtx.program, process.env)
    const plan = planRelay(config, version)
    const { diff, with: other } = await compareRelay(plan, {
      file: args.file,
      stateDir: stateDirOf(flags),
      env: process.env,
    })
    if (!this.jsonEnabled()) {
      tellNotes(notes)
      this.result(`${other}: ${diffAnswer(diff)}`)
      const lines = renderDiff(diff)
      if (lines !== '') this.result(lines)
    }
    return { version, notes, with: other, ...diff }
  }
}
