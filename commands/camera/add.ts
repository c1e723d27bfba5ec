import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { tellWarnings } from '../../src/cli/load-site.ts'
import { addCamera } from '../../src/config/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'

export default class CameraAdd extends BaseCommand {
  static override summary = 'Add a camera, or a range of cameras, to the configuration'

  static override description =
    `The entry goes to the end of the list; comments, order and layout of the file stay. It is checked first: nothing is
written when it has a fault. A running daemon takes it up with: vmsctl daemon reload`

  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-2 --main rtsp://10.0.0.12/stream1 --sub rtsp://10.0.0.12/stream2',
    "<%= config.bin %> <%= command.id %> 'hall-{001..040}' --main 'rtsp://10.0.1.{n}/1' --group hall",
    "<%= config.bin %> <%= command.id %> till-1 --main rtsp://10.0.0.13/stream1 --schedule '* 7-18 * * 1-5'",
  ]

  static override args = {
    id: stringArg({ required: true, description: 'id of the camera, or a range: hall-{001..040}' }),
  }

  static override flags = {
    main: string({
      required: true,
      description: 'URL of the main stream (rtsp or rtsps); {n} is the number in a range',
    }),
    sub: string({ description: 'URL of the sub-stream' }),
    group: string({ description: 'group of the camera' }),
    credentials: string({ description: 'name under credentials that it is opened with' }),
    engine: option({ options: ['native', 'ffmpeg'] as const, description: 'recorder' })(),
    record: boolean({ allowNo: true, description: 'whether recording starts by itself' }),
    schedule: string({
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['record'],
      description: 'record in this window only, "* 7-18 * * 1-5" for 07:00 to 18:59 on weekdays; may be repeated',
    }),
    'verify-tls': boolean({ allowNo: true, description: 'whether the certificate of an rtsps camera is checked' }),
    'plain-password': boolean({ description: 'write a password that stands in a URL into the file as it is' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CameraAdd)
    const { main, sub, group, credentials, engine } = flags
    const text = (flag: boolean | undefined) => (flag === undefined ? undefined : String(flag))
    const entry = {
      id: args.id,
      main,
      sub,
      group,
      credentials,
      engine,
      record: text(flags.record),
      schedule: flags.schedule,
      verify_tls: text(flags['verify-tls']),
    }
    const options = { env: process.env, cwd: process.cwd(), clock: systemClock, plainPassword: flags['plain-password'] }
    const { file, cameras, site } = await addCamera(flags.config, entry, options)
    if (!this.jsonEnabled() && !flags.quiet) tellWarnings(site.warnings)
    const what =
      cameras.length === 1 ? `Camera ${cameras[0]}` : `${cameras.length} cameras, ${cameras[0]} to ${cameras.at(-1)},`
    this.result(`${what} added to ${file}; ${site.config.cameras.length} in all.`)
    return { file, added: cameras, cameras: site.config.cameras.length }
  }
}
