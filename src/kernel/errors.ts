import { type ErrorCode, errorCodeInfo } from './error-codes.ts'

/** What sort of trouble it is; decides the exit code. */
export type ErrorKind =
  | 'bug'
  | 'usage'
  | 'not-found'
  | 'conflict'
  | 'environment'
  | 'remote'
  | 'timeout'
  | 'check'
  | 'interrupted'

/** Exit code of the process for each kind of error; the same with and without --json. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  bug: 1,
  usage: 2,
  'not-found': 3,
  conflict: 4,
  environment: 5,
  remote: 6,
  timeout: 7,
  check: 8,
  interrupted: 130,
}

export interface VmsErrorOptions {
  /** What the user can do now; replaces the general advice of the code. */
  hint?: string
  cause?: unknown
  /** Plain data for --json: never a secret. */
  details?: Readonly<Record<string, unknown>>
}

/**
 * The one error that leaves a vmsctl function on purpose. Its `code` is stable and listed in docs/errors.md; the message
 * is one sentence with the place (file:line:column, flag, camera) and the cause. Messages never hold a secret.
 */
export class VmsError extends Error {
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly exitCode: number
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: VmsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'VmsError'
    this.code = code
    this.kind = errorCodeInfo(code).kind
    this.exitCode = EXIT_CODES[this.kind]
    this.hint = options.hint ?? errorCodeInfo(code).remedy
    this.details = options.details
  }

  /** The form of --json and of the HTTP API. */
  toJSON(): {
    code: string
    kind: string
    message: string
    hint?: string
    details?: Readonly<Record<string, unknown>>
  } {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    }
  }
}

/** The code of a system error (`ENOENT`, `ECONNREFUSED`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Proves to the compiler that a switch over a closed union is complete; throws when the data lies. */
export function unreachable(value: never): never {
  throw new VmsError('VMS_E_BUG', `no case for ${JSON.stringify(value)}`)
}
