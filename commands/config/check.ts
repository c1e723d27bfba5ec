import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { tellWarnings } from '../../src/cli/load-site.ts'
import { checkMachine, configInvalid, loadSiteConfig } from '../../src/config/index.ts'

export default class ConfigCheck extends BaseCommand {
  static override summary = 'Check the configuration: every fault at once, with its place'

  static override description =
    `Reads vms.yaml as the daemon would, then looks whether this machine has what it needs: the storage path, and
the passwords that it refers to. A password that only the service can read is a warning.

Exit code 0: usable. 2: it has faults. 3: there is no configuration.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config /etc/vmsctl/vms.yaml --file-only',
  ]

  static override flags = {
    'file-only': boolean({ description: 'look at the file alone, not at storage and passwords of this machine' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConfigCheck)
    const { config, warnings, storagePlace } = await loadSiteConfig(flags.config, {
      env: process.env,
      cwd: process.cwd(),
    })
    const machine = flags['file-only'] ? undefined : await checkMachine(config, process.env)
    if (!this.jsonEnabled()) {
      tellWarnings(warnings)
      for (const warning of machine?.warnings ?? []) process.stderr.write(`warning: ${warning}\n`)
    }
    if (machine?.storage) throw configInvalid(storagePlace.file, [{ ...storagePlace, ...machine.storage }])
    const subs = config.cameras.filter(camera => camera.sub !== undefined).length
    const groups = new Set(config.cameras.map(camera => camera.group).filter(group => group !== undefined)).size
    const count = warnings.length + (machine?.warnings.length ?? 0)
    const counts = `${config.cameras.length} cameras, ${subs} with a sub-stream, ${groups} groups`
    this.result(`${config.file} is fine: ${counts}${count === 0 ? '' : `; ${count} warning${count === 1 ? '' : 's'}`}.`)
    return {
      file: config.file,
      cameras: config.cameras.length,
      subStreams: subs,
      groups,
      warnings: [...warnings, ...(machine?.warnings ?? []).map(message => ({ message }))],
    }
  }
}
