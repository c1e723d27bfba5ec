import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { serviceFacts } from '../../src/cli/service-facts.ts'
import type { InstallReport } from '../../src/service/index.ts'

export default class ServiceInstall extends BaseCommand {
  static override summary = 'Install the systemd unit'
  static override description =
    `Writes /etc/systemd/system/vmsctl.service and the system user "vmsctl" that it runs as, and tells systemd. With --user, a unit of your
own in ~/.config/systemd/user. Done again, it brings the unit up to date and shows what changed. A unit that somebody edited is
left alone (exit code 4) unless --force is given. The service is neither enabled nor started.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config /etc/vmsctl/vms.yaml',
    '<%= config.bin %> <%= command.id %> --user --dry-run',
  ]
  static override flags = {
    user: boolean({ description: 'a service of your own, not of the machine' }),
    'dry-run': boolean({ char: 'n', description: 'say what would be done, and do nothing' }),
    force: boolean({ description: 'replace a unit that has been edited' }),
    root: string({ description: 'install below this directory, for packages; systemd is left alone' }),
  }

  async run(): Promise<InstallReport> {
    const { flags } = await this.parse(ServiceInstall)
    const { installService } = await import('../../src/service/index.ts')
    const report = await installService({
      facts: await serviceFacts(this.config.root, flags.config, flags.user),
      version: this.config.version,
      ofUser: flags.user,
      dryRun: flags['dry-run'],
      force: flags.force,
      below: flags.root,
      env: process.env,
    })
    const words = { create: 'new', replace: 'changed', edited: 'changed, though edited', keep: 'up to date' }
    for (const { path, action, diff } of report.files) {
      this.result(`${path}: ${words[action]}`)
      if (diff !== '') this.result(diff)
    }
    for (const command of report.commands) this.result(`${flags['dry-run'] ? 'would run' : 'ran'}: ${command}`)
    for (const trouble of report.troubles) this.warn(trouble)
    for (const step of report.next) this.result(`Next: ${step}`)
    if (flags['dry-run']) this.result('Nothing has been written.')
    return report
  }
}
