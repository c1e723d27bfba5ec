import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { tellNotes } from '../../src/cli/tell-notes.ts'
import { chooseVersion, planRelay } from '../../src/streaming/mediamtx/index.ts'

export default class MediamtxApply extends BaseCommand {
  static override summary = 'Bring a running MediaMTX to what vms.yaml wants, by its API'

  static override description =
    `Adds, changes and removes the paths live/... and main/... of the MediaMTX that mediamtx.attach names, and only those that differ:
viewers of other paths notice nothing. Settings of the whole server are told with whom they interrupt, and changed with --server alone.

MediaMTX forgets what its API was told when it restarts: write its file as well (vmsctl mediamtx generate). The one that the daemon runs
follows vmsctl daemon reload.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --server',
  ]

  static override flags = {
    'dry-run': boolean({ description: 'say what would be changed, and change nothing' }),
    server: boolean({ description: 'change settings of the whole server too, whoever that interrupts' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(MediamtxApply)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { attachedRelay } = await import('../../src/streaming/mediamtx/change/target.ts')
    const { applyDiff, runningConfig } = await import('../../src/streaming/mediamtx/change/apply.ts')
    const { diffRelay } = await import('../../src/streaming/mediamtx/change/diff.ts')
    const { plannedConfig } = await import('../../src/streaming/mediamtx/change/relay-config.ts')
    const client = await attachedRelay(config.mediamtx, process.env)
    const { diffAnswer, renderDiff } = await import('../../src/cli/relay-diff-view.ts')
    const { version, notes } = await chooseVersion(await client.version(), config.mediamtx.program, process.env)
    const wanted = plannedConfig(planRelay(config, version))
    const diff = diffRelay(wanted, await runningConfig(client), version)
    if (!this.jsonEnabled()) {
      tellNotes(notes)
      this.result(diffAnswer(diff))
      const lines = renderDiff(diff)
      if (lines !== '') this.result(lines)
    }
    if (!flags['dry-run']) await applyDiff(client, wanted, diff, { server: flags.server })
    if (flags['dry-run']) this.result('Nothing was changed (--dry-run).')
    else if (!flags.server && diff.server.length > 0)
      this.result('Settings of the whole server stay; --server changes them.')
    return { version, notes, applied: !flags['dry-run'], ...diff }
  }
}
