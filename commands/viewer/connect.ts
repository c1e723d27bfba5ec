import { string as argument } from '@oclif/core/args'
import { option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { ConnectResult } from '../../src/streaming/index.ts'

export default class ViewerConnect extends BaseCommand {
  static override summary = 'Let somebody watch a camera: URL, token and ICE servers'
  static override description =
    'The stream plays when this answers, within 10 s. The token opens this camera alone; `viewer disconnect ID` takes it back.\nIt is shown once and kept nowhere.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1 --user anna --client wall-3',
    '<%= config.bin %> <%= command.id %> gate-1 --user anna --protocol rtsp --for 1h --json',
  ]
  static override args = { camera: argument({ description: 'camera by id', required: true }) }
  static override flags = {
    user: string({ char: 'u', description: 'who watches', required: true }),
    client: string({ description: 'program or device, for the list and the history' }),
    protocol: option({
      description: 'how (default: the first that is served of WebRTC, HLS, RTSP)',
      options: ['webrtc', 'hls', 'rtsp', 'rtmp'] as const,
    })(),
    quality: option({
      description: 'which stream (default: the best that suits)',
      options: ['sub', 'main'] as const,
    })(),
    for: string({ description: 'how long the token holds, 1m to 31d (default: 8h)' }),
  }

  async run(): Promise<ConnectResult> {
    const { flags, args } = await this.parse(ViewerConnect)
    const { user, client, protocol, quality } = flags
    const { readSpan } = await import('../../src/cli/read-span.ts')
    const { whileStarting } = await import('../../src/cli/while-starting.ts')
    const request = { camera: args.camera, user, client, protocol, quality, for: readSpan(flags.for, 'for') }
    const quiet = flags.quiet || this.jsonEnabled()
    const result = await whileStarting(args.camera, quiet, () => daemonClient(flags).live.connect(request))
    if (!this.jsonEnabled()) {
      const { renderConnection } = await import('../../src/cli/viewer-view.ts')
      this.result(renderConnection(result))
    }
    return result
  }
}
