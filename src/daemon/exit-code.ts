import { EXIT_CODES, VmsError } from '../kernel/errors.ts'

/** The exit code that an error means. */
export function asVmsExit(error: unknown): number {
  return error instanceof VmsError ? error.exitCode : EXIT_CODES.bug
}
