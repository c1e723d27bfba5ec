import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'

export default class DaemonRun extends BaseCommand {
  static override summary = 'Run the daemon in the foreground'
  static override description =
    'Logs JSON lines to standard error. SIGTERM or Ctrl-C ends the daemon and leaves the recorders running; SIGHUP reloads the configuration. Under systemd it reports by sd_notify (Type=notify, NotifyAccess=all).'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config /etc/vmsctl/vms.yaml --state-dir /var/lib/vmsctl',
  ]

  async run(): Promise<{ ended: true }> {
    const { flags } = await this.parse(DaemonRun)
    const { runInForeground } = await import('../../src/daemon/index.ts')
    await runInForeground({ config: flags.config, stateDir: stateDirOf(flags) })
    return { ended: true }
  }
}
