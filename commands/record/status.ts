import { BaseCommand } from '../../src/cli/base-command.ts'
import { selectionArgs, selectionFlags } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { CameraReport } from '../../src/daemon/types.ts'
import { EXIT_CODES, VmsError } from '../../src/kernel/errors.ts'

export default class RecordStatus extends BaseCommand {
  static override summary = 'Show who wants which camera recorded, and whether it is'
  static override description =
    'All cameras unless some are named. Exits with 8 when one that should be recorded is not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> gate-1 hall-007',
    '<%= config.bin %> <%= command.id %> --group outside --json',
  ]
  static override strict = false
  static override args = selectionArgs
  static override flags = selectionFlags

  async run(): Promise<{ cameras: readonly CameraReport[] }> {
    const { flags, argv } = await this.parse(RecordStatus)
    const named = argv.length > 0 ? (argv as string[]) : undefined
    const status = await daemonClient(flags).status({ cameras: named })
    const cameras = status.cameras.filter(camera => flags.group === undefined || camera.group === flags.group)
    if (cameras.length === 0 && flags.group !== undefined)
      throw new VmsError('VMS_E_CAMERA_NOT_FOUND', `no group "${flags.group}" is configured`)
    if (cameras.some(camera => camera.health === 'bad')) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderRecording } = await import('../../src/cli/record-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderRecording({ ...status, cameras }, await paletteFor(process.stdout, process.env)))
    }
    return { cameras }
  }
}
