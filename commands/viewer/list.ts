import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { ViewerReport } from '../../src/streaming/index.ts'

export default class ViewerList extends BaseCommand {
  static override summary = 'List who watches which camera now'
  static override description =
    'From what the media workers and MediaMTX say of their sessions, and who said that it would watch and is expected.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --camera gate-1',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.viewers[].user' | sort -u",
  ]
  static override flags = {
    camera: string({ description: 'only at this camera' }),
    user: string({ char: 'u', description: 'only this user' }),
  }

  async run(): Promise<{ viewers: readonly ViewerReport[] }> {
    const { flags } = await this.parse(ViewerList)
    const viewers = await daemonClient(flags).live.viewers({ camera: flags.camera, user: flags.user })
    if (!this.jsonEnabled()) {
      const { renderViewers } = await import('../../src/cli/viewer-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderViewers(viewers, systemClock.wall(), await paletteFor(process.stdout, process.env)))
    }
    return { viewers }
  }
}
