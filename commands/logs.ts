import { string } from '@oclif/core/args'
import { boolean, integer } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { stateDirOf } from '../src/cli/daemon-client.ts'
import type { LogLine } from '../src/daemon/types.ts'

export default class Logs extends BaseCommand {
  static override summary = 'Show what daemon and media workers logged'
  static override description = 'Reads the log files, so it works without a running daemon too.'
  static override examples = ['<%= config.bin %> logs', '<%= config.bin %> logs gate-1 -f']
  static override args = { camera: string({ description: 'only lines of this camera', required: false }) }
  static override flags = {
    follow: boolean({ char: 'f', description: 'go on showing new lines, until Ctrl-C' }),
    lines: integer({ char: 'n', description: 'how many lines of the past', default: 50, min: 0, max: 100_000 }),
  }

  async run(): Promise<LogLine[]> {
    const { flags, args } = await this.parse(Logs)
    const { LogFollower, readLogs } = await import('../src/daemon/log-files.ts')
    const { formatLogLine } = await import('../src/cli/log-view.ts')
    const { paletteFor } = await import('../src/cli/palette.ts')
    const palette = await paletteFor(process.stdout, process.env)
    const stateDir = stateDirOf(flags)
    const follower = flags.follow ? new LogFollower(stateDir) : undefined
    const lines = flags.lines === 0 ? [] : readLogs(stateDir, { camera: args.camera, lines: flags.lines })
    // With --follow there is no end to make one JSON text of: one line each.
    const show = (line: LogLine) =>
      process.stdout.write(`${this.jsonEnabled() ? JSON.stringify(line) : formatLogLine(line, palette)}\n`)
    if (!this.jsonEnabled() || follower) lines.forEach(show)
    if (follower) {
      const { followLogs } = await import('../src/cli/follow-logs.ts')
      await followLogs(follower, args.camera, show)
    }
    return lines
  }

  override logJson(json: unknown): void {
    if (!this.argv.includes('-f') && !this.argv.includes('--follow')) super.logJson(json)
  }
}
