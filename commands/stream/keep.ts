import { string as argument } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { KeepResult } from '../../src/streaming/index.ts'

export default class StreamKeep extends BaseCommand {
  static override summary = 'Keep a stream up though nobody watches'
  static override description =
    'The first viewer then waits for nothing. It outlives restarts, until --until or --off. By the clock: `prewarm` in vms.yaml.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> gate-1 --until 18:00',
    '<%= config.bin %> <%= command.id %> gate-1 --off',
  ]
  static override args = { camera: argument({ description: 'camera by id', required: true }) }
  static override flags = {
    until: string({ description: 'until then, such as 18:00 or "2027-01-01 06:00", by the clocks of the site' }),
    off: boolean({ description: 'no more', exclusive: ['until'] }),
    quality: option({
      description: 'which stream (default: sub, main where there is none)',
      options: ['sub', 'main'] as const,
    })(),
  }

  async run(): Promise<KeepResult> {
    const { flags, args } = await this.parse(StreamKeep)
    const { until, off, quality } = flags
    const result = await daemonClient(flags).live.keep(args.camera, { by: currentUser(), until, off, quality })
    if (!this.jsonEnabled()) {
      const { renderKept } = await import('../../src/cli/stream-view.ts')
      this.result(renderKept(result, off))
    }
    return result
  }
}
