import { BaseCommand } from '../../src/cli/base-command.ts'
import { daemonClient } from '../../src/cli/daemon-client.ts'
import type { ReloadResult } from '../../src/daemon/types.ts'

export default class DaemonReload extends BaseCommand {
  static override summary = 'Read the configuration again'
  static override description =
    'Only cameras and settings that changed are touched. A file with faults is not taken: the old configuration stays.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<ReloadResult> {
    const { flags } = await this.parse(DaemonReload)
    const result = await daemonClient(flags).reload()
    const { added, removed, changed, settings } = result
    const figures = [
      added.length > 0 ? `${added.length} added` : '',
      removed.length > 0 ? `${removed.length} removed` : '',
      changed.length > 0 ? `${changed.length} changed` : '',
      settings.length > 0 ? `settings changed: ${settings.join(', ')}` : '',
    ].filter(text => text !== '')
    this.result(figures.length === 0 ? 'Nothing has changed.' : `Reloaded: ${figures.join(', ')}.`)
    for (const note of result.notes) this.warn(note)
    return result
  }
}
