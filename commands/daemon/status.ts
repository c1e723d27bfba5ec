import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { SiteStatus } from '../../src/daemon/types.ts'

type DaemonReport = Pick<SiteStatus, 'daemon' | 'workers' | 'relay' | 'notes'>

export default class DaemonStatus extends BaseCommand {
  static override summary = 'Show the daemon and its media workers'
  static override description =
    'Its pid, version, files and troubles, and one line for each media worker: cameras, restarts, memory, gateway. Then\nMediaMTX, where there is one: since when it runs, and where it serves viewers.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<DaemonReport> {
    const { flags } = await this.parse(DaemonStatus)
    const { daemon, workers, relay, notes, at } = await daemonClient(flags).status({ attention: 0 })
    if (!this.jsonEnabled()) {
      const { formatDuration } = await import('../../src/kernel/units.ts')
      const { renderRelay, renderWorkers } = await import('../../src/cli/status-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      const palette = await paletteFor(process.stdout, process.env)
      this.result(
        `The daemon runs: pid ${daemon.pid}, version ${daemon.version}, up ${formatDuration(at - daemon.startedAt)}.`,
      )
      this.result(`configuration  ${daemon.config}\nstate          ${daemon.stateDir}`)
      for (const note of notes) this.result(palette.warning(`! ${note}`))
      this.result(renderWorkers(workers, at, palette))
      if (relay) this.result(renderRelay(relay, at))
    }
    return { daemon, workers, relay, notes }
  }
}
