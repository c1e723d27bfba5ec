import { string as argument } from '@oclif/core/args'
import { option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { StartResult } from '../../src/streaming/index.ts'

export default class StreamStart extends BaseCommand {
  static override summary = 'Watch a camera: where, as soon as its stream plays'
  static override description =
    'Answers at once where the stream runs, else when it plays, within 10 s; a camera that is down is told with its reason.\nStarting twice as one user is one viewer. Who is not seen to watch counts for --for; asking again renews that.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> gate-1 --user anna --for 10m',
    "<%= config.bin %> <%= command.id %> gate-1 --json | jq -r '.stream.urls[0].url'",
  ]
  static override args = { camera: argument({ description: 'camera by id', required: true }) }
  static override flags = {
    user: string({ char: 'u', description: 'who watches (default: you, at this machine)' }),
    for: string({ description: 'how long to count without being seen, such as 10m (default: viewing.lease, 30s)' }),
    quality: option({
      description: 'which stream (default: the best that suits)',
      options: ['sub', 'main'] as const,
    })(),
    protocol: option({
      description: 'how it will be watched; a stream that does not suit is not taken',
      options: ['rtsp', 'hls', 'webrtc', 'rtmp'] as const,
    })(),
  }

  async run(): Promise<StartResult> {
    const { flags, args } = await this.parse(StreamStart)
    const { quality, protocol } = flags
    const { currentViewer } = await import('../../src/cli/live-words.ts')
    const { whileStarting } = await import('../../src/cli/while-starting.ts')
    const { readSpan } = await import('../../src/cli/read-span.ts')
    const life = readSpan(flags.for, 'for')
    const request = { user: flags.user ?? currentViewer(), for: life, quality, protocol }
    const quiet = flags.quiet || this.jsonEnabled()
    const result = await whileStarting(args.camera, quiet, () => daemonClient(flags).live.start(args.camera, request))
    if (!this.jsonEnabled()) {
      const { renderStarted } = await import('../../src/cli/stream-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderStarted(result, await paletteFor(process.stdout, process.env)))
    }
    return result
  }
}
