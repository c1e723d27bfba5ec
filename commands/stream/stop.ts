import { string as argument } from '@oclif/core/args'
import { option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { StopResult } from '../../src/streaming/index.ts'

export default class StreamStop extends BaseCommand {
  static override summary = 'Watch a camera no more'
  static override description =
    'Takes back what `stream start` said for that user. After the last viewer the stream lingers (30 s by default) and ends.\nWho is connected stays so: `viewer disconnect` ends that.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> gate-1 --user anna',
  ]
  static override args = { camera: argument({ description: 'camera by id', required: true }) }
  static override flags = {
    user: string({ char: 'u', description: 'who watches no more (default: you, at this machine)' }),
    quality: option({ description: 'only this stream', options: ['sub', 'main'] as const })(),
  }

  async run(): Promise<StopResult> {
    const { flags, args } = await this.parse(StreamStop)
    const { currentViewer } = await import('../../src/cli/live-words.ts')
    const request = { user: flags.user ?? currentViewer(), quality: flags.quality }
    const result = await daemonClient(flags).live.stop(args.camera, request)
    if (!this.jsonEnabled()) {
      const { renderStopped } = await import('../../src/cli/stream-view.ts')
      this.result(renderStopped(args.camera, result))
    }
    return result
  }
}
