import { string } from '@oclif/core/args'
import { string as stringFlag } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { tellNotes } from '../../src/cli/tell-notes.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import { chooseVersion } from '../../src/streaming/mediamtx/index.ts'

export default class MediamtxCheck extends BaseCommand {
  static override summary = 'Check a configuration file of MediaMTX, key by key, for a version'

  static override description =
    `Tells what that version would refuse, all at once and each with its place: keys that it does not have, with what replaces them;
values of the wrong type; paths that cannot be. Keys that work and have been replaced are warnings.

Exit code 0: accepted. 8: it has faults. 3: there is no such file.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> /etc/mediamtx.yml',
    '<%= config.bin %> <%= command.id %> mediamtx.yml --for 1.17 --json',
  ]

  static override args = { file: string({ description: 'configuration file of MediaMTX', required: true }) }

  static override flags = {
    for: stringFlag({ description: 'version of MediaMTX, such as 1.17 (default: the one that is found)' }),
    program: stringFlag({ description: 'MediaMTX itself', default: 'mediamtx' }),
  }

  async run(): Promise<unknown> {
    const { flags, args } = await this.parse(MediamtxCheck)
    const { formatFault, plural } = await import('../../src/config/yaml.ts')
    const { readRelayFile } = await import('../../src/streaming/mediamtx/read-file.ts')
    const { checkRelayFile } = await import('../../src/streaming/mediamtx/check/check-file.ts')
    const text = await readRelayFile(args.file)
    const { version, notes } = await chooseVersion(flags.for, flags.program, process.env)
    const { faults, warnings, paths } = checkRelayFile(text, args.file, version)
    if (faults.length > 0) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      tellNotes(notes)
      for (const warning of warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`)
      for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`)
      if (faults.length === 0) this.result(`${args.file} is fine for MediaMTX ${version}: ${plural(paths, 'path')}.`)
      else
        this.log(
          `MediaMTX ${version} refuses ${args.file}: ${plural(faults.length, 'fault')}. \`vmsctl mediamtx migrate\` mends what is old.`,
        )
    }
    return { file: args.file, version, notes, accepted: faults.length === 0, faults, warnings, paths }
  }
}
