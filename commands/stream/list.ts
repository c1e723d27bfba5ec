import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { StreamReport } from '../../src/streaming/index.ts'

export default class StreamList extends BaseCommand {
  static override summary = 'List the streams on demand that are up, and why'
  static override description =
    'Streams that run for viewers, that linger after the last, that are kept up, and that should be up and are not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.streams[] | {camera, viewers}'",
  ]

  async run(): Promise<{ streams: readonly StreamReport[] }> {
    const { flags } = await this.parse(StreamList)
    const streams = await daemonClient(flags).live.streams()
    if (!this.jsonEnabled()) {
      const { renderStreams } = await import('../../src/cli/stream-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderStreams(streams, systemClock.wall(), await paletteFor(process.stdout, process.env)))
    }
    return { streams }
  }
}
