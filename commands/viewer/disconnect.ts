import { string as argument } from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser } from '../../src/cli/camera-selection.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { DisconnectResult } from '../../src/streaming/index.ts'

export default class ViewerDisconnect extends BaseCommand {
  static override summary = 'End the connection of a viewer'
  static override description =
    'ID is that of `viewer list`, or what `viewer connect` gave: then its token is taken back too, and nobody comes with it again.'
  static override examples = ['<%= config.bin %> <%= command.id %> 1k3m7f2c9a0p4q8r']
  static override args = { id: argument({ description: 'id of the viewer', required: true }) }

  async run(): Promise<DisconnectResult> {
    const { flags, args } = await this.parse(ViewerDisconnect)
    const result = await daemonClient(flags).live.disconnect(args.id, currentUser())
    if (!this.jsonEnabled()) {
      const { renderDisconnected } = await import('../../src/cli/viewer-view.ts')
      this.result(renderDisconnected(args.id, result))
    }
    return result
  }
}
