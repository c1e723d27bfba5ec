import { string as argument } from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { StreamReport } from '../../src/streaming/index.ts'

export default class StreamStatus extends BaseCommand {
  static override summary = 'Show the streams of a camera: who watches, and where'
  static override description =
    'Each stream with every reason for which it is up: who watches by which protocol since when, or until when it lingers.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> gate-1 --json',
  ]
  static override args = { camera: argument({ description: 'camera by id', required: true }) }

  async run(): Promise<{ streams: readonly StreamReport[] }> {
    const { flags, args } = await this.parse(StreamStatus)
    const streams = await daemonClient(flags).live.stream(args.camera)
    if (!this.jsonEnabled()) {
      const { renderStreamStatus } = await import('../../src/cli/stream-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderStreamStatus(streams, systemClock.wall(), await paletteFor(process.stdout, process.env)))
    }
    return { streams }
  }
}
