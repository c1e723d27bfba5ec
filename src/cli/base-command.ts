import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import type { Input, ParserOutput } from '@oclif/core/interfaces'
import { errorJson, reportError } from './report-error.ts'

type Values = Record<string, unknown>

/**
 * What every command has: --json, --quiet, the site's files, and one way for errors to leave. A command parses, calls one
 * service and renders; it returns the object that --json prints.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    config: string({
      char: 'c',
      description: 'configuration file (default: $VMS_CONFIG, ./vms.yaml, /etc/vmsctl/vms.yaml)',
      env: 'VMS_CONFIG',
      helpGroup: 'GLOBAL',
    }),
    'state-dir': string({
      description: 'directory of database, socket and worker records (default: systemd or XDG state directory)',
      env: 'VMSCTL_STATE_DIR',
      helpGroup: 'GLOBAL',
    }),
    quiet: boolean({ char: 'q', description: 'say nothing when all is well', helpGroup: 'GLOBAL' }),
  }

  /** Said with --quiet or -q, be it among other letters (-qa). */
  #quiet = false

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
  ): Promise<ParserOutput<F, B, A>> {
    const parsed = await super.parse(options)
    this.#quiet = parsed.flags.quiet === true
    return parsed
  }

  /** Prints the command's result on stdout; nothing with --json (the returned object is the result) or --quiet. */
  protected result(text: string): void {
    if (!this.jsonEnabled() && !this.#quiet) this.log(text)
  }

  /** Sets the exit code of a command that did its work and found something wrong (a threshold, a check). */
  protected fail(exitCode: number): void {
    process.exitCode = exitCode
  }

  protected override toErrorJson(error: unknown): unknown {
    return errorJson(error)
  }

  protected override async catch(error: Error): Promise<void> {
    // --help and an early exit(0) come through here too.
    if ((error as { oclif?: { exit?: number } }).oclif?.exit === 0) throw error
    reportError(error, this.jsonEnabled())
  }
}
