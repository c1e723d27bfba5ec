import { stripVTControlCharacters } from 'node:util'
import { EXIT_CODES, messageOf, VmsError } from '../kernel/errors.ts'
import { redactText } from '../kernel/redact.ts'

/** Tells the user of an error: as JSON on stdout, or as sentences on stderr. Sets the exit code, the same both ways. */
export function reportError(error: unknown, json: boolean): void {
  const known = asVmsError(error)
  process.exitCode = known.exitCode
  if (json) process.stdout.write(`${JSON.stringify(errorJson(known), undefined, 2)}\n`)
  else process.stderr.write(`${redactText(renderError(known))}\n`)
}

/** The form of --json. What was typed at the wrong place (a URL for a camera's name) is not shown with its login. */
export function errorJson(error: unknown): { error: Record<string, unknown> } {
  const known = asVmsError(error)
  return { error: { ...known.toJSON(), message: redactText(known.message) } }
}

/** An error of oclif's parser is the user's; anything else that is not a VmsError is ours. */
function asVmsError(error: unknown): VmsError {
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
