import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import type { HealthReport } from '../../src/daemon/types.ts'

export default class DaemonStart extends BaseCommand {
  static override summary = 'Start the daemon in the background'
  static override description =
    'Returns once the daemon answers. Recorders of an earlier daemon are taken over as they run.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config ./vms.yaml',
  ]

  async run(): Promise<HealthReport> {
    const { flags } = await this.parse(DaemonStart)
    const { startDaemon } = await import('../../src/daemon/index.ts')
    const health = await startDaemon({ config: flags.config, stateDir: stateDirOf(flags) })
    this.result(`The daemon runs (pid ${health.pid}).`)
    for (const step of health.plan) this.warn(`still to do: ${step}`)
    return health
  }
}
