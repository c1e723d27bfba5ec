import { string } from '@oclif/core/args'
import { boolean, integer } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { stateDirOf } from '../src/cli/daemon-client.ts'
import type { LogLine } from '../src/daemon/types.ts'
import { redactText } from '../src/kernel/redact.ts'

export default class Logs extends BaseCommand {
  static override summary = 'Show what daemon and media workers logged'
  static override description =
    `Reads the log files of the state directory, so it works without a running daemon too. Under systemd the daemon's own lines are in
the journal: journalctl -u vmsctl`
  static override examples = ['<%= config.bin %> logs', '<%= config.bin %> logs gate-1 -f']
  static override args = { camera: string({ description: 'only lines of this camera', required: false }) }
  static override flags = {
    follow: boolean({ char: 'f', description: 'go on showing new lines, until Ctrl-C' }),
    lines: integer({ char: 'n', description: 'how many lines of the past', default: 50, min: 0, max: 100_000 }),
  }

  #following = false

  async run(): Promise<LogLine[]> {
    const { flags, args } = await this.parse(Logs)
    this.#following = flags.follow
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
    if (lines.length === 0 && flags.lines > 0 && !flags.quiet)
      process.stderr.write(`${nothing(stateDir, args.camera)}\n`)
    if (follower) {
      const { followLogs } = await import('../src/cli/follow-logs.ts')
      await followLogs(follower, args.camera, show)
    }
    return lines
  }

  override logJson(json: unknown): void {
    if (!this.#following) super.logJson(json)
  }
}

/** An empty answer is one too: a camera's name may be misspelt, the state directory another one. */
function nothing(stateDir: string, camera: string | undefined): string {
  return camera === undefined
    ? `no log lines below ${stateDir}`
    : `no log lines of camera ${redactText(camera)} below ${stateDir}; \`vmsctl camera list\` shows the names`
}
