import { string } from '@oclif/core/args'
import { boolean, string as stringFlag } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { tellNotes } from '../../src/cli/tell-notes.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import { chooseVersion } from '../../src/streaming/mediamtx/index.ts'

export default class MediamtxMigrate extends BaseCommand {
  static override summary = 'Mend an old configuration file of MediaMTX, comments kept'

  static override description =
    `Writes the file in the words of that version: keys that were renamed, switches that are of the whole server now, users and patterns.
Each change is told in a sentence. What cannot be carried over is told as well, and stays as a comment. Done twice it does nothing.

Exit code 0: that version takes the result. 8: it would still refuse it; the faults are told.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> mediamtx.yml > new.yml',
    '<%= config.bin %> <%= command.id %> mediamtx.yml --for 1.20 -o mediamtx.yml',
  ]

  static override args = { file: string({ description: 'configuration file of MediaMTX', required: true }) }

  static override flags = {
    for: stringFlag({ description: 'version of MediaMTX, such as 1.17 (default: the one that is found)' }),
    program: stringFlag({ description: 'MediaMTX itself', default: 'mediamtx' }),
    output: stringFlag({
      char: 'o',
      description: 'write to this file instead of standard output; the same one is allowed',
    }),
    'notes-only': boolean({ description: 'say what would be changed, and write nothing', exclusive: ['output'] }),
  }

  async run(): Promise<unknown> {
    const { flags, args } = await this.parse(MediamtxMigrate)
    const { formatFault, plural } = await import('../../src/config/yaml.ts')
    const { readRelayFile } = await import('../../src/streaming/mediamtx/read-file.ts')
    const { migrateRelayFile } = await import('../../src/streaming/mediamtx/migrate/migrate.ts')
    const { version, notes: about } = await chooseVersion(flags.for, flags.program, process.env)
    const { text, notes, faults } = migrateRelayFile(await readRelayFile(args.file), args.file, version)
    if (faults.length > 0) this.fail(EXIT_CODES.check)
    if (flags.output !== undefined) {
      const { writeReport } = await import('../../src/report/index.ts')
      await writeReport(flags.output, text, 0o600)
    }
    if (!this.jsonEnabled()) {
      tellNotes(about)
      for (const { line, left, message } of notes)
        process.stderr.write(`${args.file}:${line}: ${left ? 'look at this: ' : ''}${message}\n`)
      for (const fault of faults) process.stderr.write(`still refused: ${formatFault(fault)}\n`)
      const look = notes.filter(({ left }) => left).length
      const changes = notes.length === 0 ? 'nothing to change' : `${plural(notes.length, 'change')}, ${look} to look at`
      if (flags.output !== undefined || flags['notes-only'])
        this.result(`${args.file} for MediaMTX ${version}: ${changes}.`)
      else process.stdout.write(text)
    }
    return {
      file: args.file,
      version,
      notes: [...about],
      changes: notes,
      faults,
      output: flags.output ?? null,
      configuration: text,
    }
  }
}
