import { string } from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { removeCameras } from '../../src/config/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'

export default class CameraRemove extends BaseCommand {
  static override summary = 'Remove cameras from the configuration'

  static override description =
    `Comments, order and layout of the file stay. A camera out of a range splits the range in two. Recordings stay where they
are. A running daemon takes it up with: vmsctl daemon reload`

  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-2',
    '<%= config.bin %> <%= command.id %> hall-007 hall-008',
  ]

  static override strict = false

  static override args = { id: string({ required: true, description: 'id of the camera; several may be given' }) }

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(CameraRemove)
    const options = { env: process.env, cwd: process.cwd(), clock: systemClock }
    const { file, cameras, site } = await removeCameras(flags.config, argv as string[], options)
    const what = cameras.length === 1 ? `Camera ${cameras[0]}` : `${cameras.length} cameras`
    this.result(`${what} removed from ${file}; ${site.config.cameras.length} remain.`)
    return { file, removed: cameras, cameras: site.config.cameras.length }
  }
}
