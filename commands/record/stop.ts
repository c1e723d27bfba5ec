import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser, selectionArgs, selectionFlags, selectionOf } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { RecordResult } from '../../src/daemon/types.ts'

export default class RecordStop extends BaseCommand {
  static override summary = 'Record cameras no longer'
  static override description =
    'The open segment is closed in order. What you say outlives restarts of the daemon and of the machine, until `record start` or\n`record auto`.'
  static override examples = [
    '<%= config.bin %> record stop gate-1 hall-007',
    '<%= config.bin %> record stop --group outside',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = selectionFlags

  async run(): Promise<RecordResult> {
    const { flags, argv } = await this.parse(RecordStop)
    const result = await daemonClient(flags).record('stop', { ...selectionOf(argv, flags), by: currentUser() })
    if (!this.jsonEnabled()) {
      const { describeRecordResult } = await import('../../src/cli/record-view.ts')
      this.result(describeRecordResult(result))
    }
    return result
  }
}
