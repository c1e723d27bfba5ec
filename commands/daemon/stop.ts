import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import type { StopReport } from '../../src/daemon/index.ts'

export default class DaemonStop extends BaseCommand {
  static override summary = 'Stop the daemon; recording goes on'
  static override description =
    'Media workers go on recording and the next daemon takes them over. With --recorders they close their segments and end too; the cameras are recorded again when a daemon starts.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --recorders']
  static override flags = {
    recorders: boolean({ description: 'end the media workers too: nothing is recorded any more' }),
  }

  async run(): Promise<StopReport> {
    const { flags } = await this.parse(DaemonStop)
    const { stopDaemon } = await import('../../src/daemon/index.ts')
    const report = await stopDaemon({ stateDir: stateDirOf(flags), recorders: flags.recorders })
    const workers = (count: number) => `${count} media worker${count === 1 ? '' : 's'}`
    const daemon = report.daemon === null ? 'No daemon ran.' : `The daemon (pid ${report.daemon}) has ended.`
    const others = flags.recorders
      ? `${workers(report.stopped.length)} ended in order.`
      : report.left.length > 0
        ? `${workers(report.left.length)} ${report.left.length === 1 ? 'goes' : 'go'} on recording; --recorders would end ${report.left.length === 1 ? 'it' : 'them'}.`
        : ''
    this.result(`${daemon} ${others}`.trimEnd())
    return report
  }
}
