import { stripVTControlCharacters } from 'node:util'
import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import { EXIT_CODES, messageOf, VmsError } from '../kernel/errors.ts'
import { redactText } from '../kernel/redact.ts'

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

  /** Prints the command's result on stdout; nothing with --json (the returned object is the result) or --quiet. */
  protected result(text: string): void {
    if (!this.jsonEnabled() && !this.argv.includes('--quiet') && !this.argv.includes('-q')) this.log(text)
  }

  /** Sets the exit code of a command that did its work and found something wrong (a threshold, a check). */
  protected fail(exitCode: number): void {
    process.exitCode = exitCode
  }

  protected override toErrorJson(error: unknown): unknown {
    return { error: asVmsError(error).toJSON() }
  }

  protected override async catch(error: Error): Promise<void> {
    // --help and an early exit(0) come through here too.
    if ((error as { oclif?: { exit?: number } }).oclif?.exit === 0) throw error
    const known = asVmsError(error)
    process.exitCode = known.exitCode
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(known))
    else process.stderr.write(`${renderError(known)}\n`)
  }
}

/** An error of oclif's parser is the user's; anything else that is not a VmsError is ours. */
export function asVmsError(error: unknown): VmsError {
  if (error instanceof VmsError) return error
  const exit = (error as { oclif?: { exit?: number } } | undefined)?.oclif?.exit
  if (exit !== undefined) {
    return new VmsError('VMS_E_USAGE', usageSentence(messageOf(error)), { hint: 'See --help.', cause: error })
  }
  return new VmsError('VMS_E_BUG', redactText(messageOf(error)), { cause: error })
}

/** oclif's message on one line, without colour, its heading, its word on help, which is our hint, and users of URLs. */
function usageSentence(message: string): string {
  const lines = stripVTControlCharacters(redactText(message))
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^The following errors? occurred:$|^See more help/.test(line))
  return lines.join('; ').replaceAll(':; ', ': ') || 'usage error'
}

function renderError(error: VmsError): string {
  const lines = [`vmsctl: ${error.message}`]
  if (error.hint !== undefined) lines.push(`  -> ${error.hint}`)
  if (error.exitCode === EXIT_CODES.bug && error.cause instanceof Error) lines.push(error.cause.stack ?? '')
  return lines.join('\n')
}
