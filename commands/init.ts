import { string as stringArg } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { type StarterResult, writeStarter } from '../src/config/index.ts'
import { systemClock } from '../src/kernel/clock.ts'

export default class Init extends BaseCommand {
  static override summary = 'Write a first configuration, with a comment on every part'

  static override description =
    `From nothing, from camera URLs, or from a table: CSV with a header line that names its columns, of id, main, sub, group,
range, engine, record, transport, verify_tls, username, password. Passwords never go into vms.yaml: it refers to environment variables,
or with --save-passwords to files of mode 0600 in vms-secrets beside it.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from-url gate-1=rtsp://10.0.0.11/stream1 --from-url rtsp://10.0.0.12/stream1',
    '<%= config.bin %> <%= command.id %> --from-csv cameras.csv --save-passwords /etc/vmsctl/vms.yaml',
  ]

  static override args = {
    file: stringArg({ description: 'file to write (default: that of --config, else vms.yaml)' }),
  }

  static override flags = {
    'from-url': string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'URL of a main stream, or ID=URL; may be repeated',
    }),
    'from-csv': string({ description: 'table of cameras, with a header line' }),
    'save-passwords': boolean({ description: 'write the passwords found into files that only you can read' }),
    force: boolean({ description: 'replace the file if it exists' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Init)
    const result = await writeStarter({
      file: args.file ?? flags.config ?? 'vms.yaml',
      cwd: process.cwd(),
      clock: systemClock,
      urls: flags['from-url'] ?? [],
      csv: flags['from-csv'],
      force: flags.force,
      savePasswords: flags['save-passwords'],
    })
    this.result(render(result))
    return result
  }
}

function render({ file, cameras, credentials }: StarterResult): string {
  const lines = [`Wrote ${file} with ${cameras === 1 ? '1 camera' : `${cameras} cameras`}.`]
  for (const { name, username, place, saved } of credentials) {
    const where = 'env' in place ? `the environment variable ${place.env}` : place.file
    lines.push(
      saved
        ? `The password of ${name} (user ${username}) is in ${where}.`
        : `Put the password of ${name} (user ${username}) into ${where}.`,
    )
  }
  lines.push(
    cameras === 0 ? 'Next: vmsctl camera add, or edit the file; then vmsctl config check' : 'Next: vmsctl config check',
  )
  return lines.join('\n')
}
