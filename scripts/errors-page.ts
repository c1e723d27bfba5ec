import { ERROR_CODES, type ErrorCodeInfo } from '../src/kernel/error-codes.ts'
import { type ErrorKind, EXIT_CODES } from '../src/kernel/errors.ts'

const KINDS: Readonly<Record<ErrorKind, string>> = {
  bug: 'A fault of vmsctl itself.',
  usage: 'The command line or the configuration is wrong.',
  'not-found': 'What was named does not exist.',
  conflict: 'Something or somebody else stands in the way.',
  environment: 'This machine lacks something, or the daemon does not run.',
  remote: 'A camera, server or other machine failed.',
  timeout: 'Something took longer than allowed.',
  check: 'The command did its work and found something that is not as it should be.',
  interrupted: 'Ctrl-C or SIGTERM.',
}

/** The text of docs/errors.md. */
export function renderErrorsPage(): string {
  const codes: [string, ErrorCodeInfo][] = Object.entries(ERROR_CODES)
  const kinds = Object.entries(EXIT_CODES) as [ErrorKind, number][]
  const lines = [
    '# Errors and exit codes',
    '',
    '<!-- Made by `npm run docs` from src/kernel/error-codes.ts. Do not edit. -->',
    '',
    'A command that fails says on standard error what is wrong, in one sentence with its place, and after `->` what to do. With',
    '`--json` the same stands on standard output:',
    '',
    '```json',
    '{ "error": { "code": "VMS_E_...", "kind": "...", "message": "...", "hint": "..." } }',
    '```',
    '',
    'The exit code is the same with and without `--json`. Codes are never renamed and never reused; messages may change.',
    '',
    '## Exit codes',
    '',
    '| exit code | kind | meaning |',
    '| --- | --- | --- |',
    '| 0 | | All is well. |',
    ...kinds.map(([kind, code]) => `| ${code} | ${kind} | ${KINDS[kind]} |`),
    '',
    '## Error codes',
    '',
    ...codes.flatMap(([code, { kind, meaning, remedy }]) => [
      `### ${code}`,
      '',
      [meaning, remedy].filter(text => text !== undefined).join(' '),
      `Kind ${kind}, exit code ${EXIT_CODES[kind]}.`,
      '',
    ]),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
