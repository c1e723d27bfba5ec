import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { serviceFacts } from '../../src/cli/service-facts.ts'
import type { ServiceFile } from '../../src/service/index.ts'

export default class ServicePrint extends BaseCommand {
  static override summary = 'Print the systemd unit, or a crontab, for this machine and configuration'
  static override description =
    'The unit starts the daemon at boot, restarts it when it fails, and watches it (Type=notify, WatchdogSec). Recorders outlive the daemon. A line LoadCredential= stands there for each password that vms.yaml takes from systemd.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user',
    '<%= config.bin %> <%= command.id %> crontab',
  ]
  static override args = {
    what: string({ options: ['unit', 'crontab'], default: 'unit', description: 'what to print' }),
  }
  static override flags = { user: boolean({ description: 'a service of your own, not of the machine' }) }

  async run(): Promise<{ text: string }> {
    const { args, flags } = await this.parse(ServicePrint)
    const { renderService } = await import('../../src/service/index.ts')
    const file: ServiceFile = args.what === 'crontab' ? 'crontab' : flags.user ? 'user' : 'system'
    const text = renderService(file, await serviceFacts(this.config.root, flags.config, file !== 'system'))
    if (!this.jsonEnabled()) process.stdout.write(text)
    return { text }
  }
}
