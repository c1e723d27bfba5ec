import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser, selectionArgs, selectionFlags, selectionOf } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { RecordResult } from '../../src/daemon/types.ts'

export default class RecordStart extends BaseCommand {
  static override summary = 'Record cameras from now on'
  static override description =
    'What you say outlives restarts of the daemon and of the machine, until you say otherwise;\nit goes before any schedule. `record auto` takes it back.'
  static override examples = [
    '<%= config.bin %> record start gate-1 hall-007',
    '<%= config.bin %> record start --group outside',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = selectionFlags

  async run(): Promise<RecordResult> {
    const { flags, argv } = await this.parse(RecordStart)
    const result = await daemonClient(flags).record('start', { ...selectionOf(argv, flags), by: currentUser() })
    if (!this.jsonEnabled()) {
      const { describeRecordResult } = await import('../../src/cli/record-view.ts')
      this.result(describeRecordResult(result))
    }
    return result
  }
}
