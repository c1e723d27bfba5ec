import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser, selectionArgs, selectionFlags, selectionOf } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { RecordResult } from '../../src/daemon/types.ts'

export default class RecordAuto extends BaseCommand {
  static override summary = 'Let the configuration decide again what is recorded'
  static override description =
    'Takes back what `record start` and `record stop` said: the cameras follow `record` of the configuration, and its schedule.'
  static override examples = [
    '<%= config.bin %> record auto gate-1 hall-007',
    '<%= config.bin %> record auto --group outside',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = selectionFlags

  async run(): Promise<RecordResult> {
    const { flags, argv } = await this.parse(RecordAuto)
    const result = await daemonClient(flags).record('auto', { ...selectionOf(argv, flags), by: currentUser() })
    if (!this.jsonEnabled()) {
      const { describeRecordResult } = await import('../../src/cli/record-view.ts')
      this.result(describeRecordResult(result))
    }
    return result
  }
}
