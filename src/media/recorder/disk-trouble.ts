import { systemCode } from '../../kernel/errors.ts'

/** The storage directory is not the one that was set up: its marker is missing or another's. */
export class NotMountedError extends Error {
  override readonly name = 'NotMountedError'
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'disk full',
  EDQUOT: 'disk quota reached',
  EROFS: 'disk is read-only',
  EIO: 'disk I/O error',
  ENODEV: 'storage not mounted',
  ENXIO: 'storage not mounted',
  ESTALE: 'storage not mounted',
  ENOTCONN: 'storage not mounted',
  EACCES: 'no permission to write',
  EPERM: 'no permission to write',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
}

/** What is wrong with the disk, for a person and for the account of lost seconds. */
export function diskReason(error: unknown): string {
  if (error instanceof NotMountedError) return 'storage not mounted'
  const code = systemCode(error)
  return REASONS[code ?? ''] ?? `disk error${code === undefined ? '' : ` ${code}`}`
}

/** What to do with a file whose write has failed `faults` times in a row while the storage is there. */
export type Remedy = 'retry' | 'reopen' | 'abandon'

/** Faults in a row after which a file is given up: some 15 s, for what is over sooner must cost nothing. */
const GIVE_UP = 10

/**
 * Want of room leaves the open file as good as ever: its write is retried for as long as it takes. A file system that has
 * become read-only is let go in the end, so that it can be unmounted and repaired. After other errors the descriptor may be
 * that of a device which is gone and back: the file is opened anew, and given up when that does not help.
 */
export function remedy(error: unknown, faults: number): Remedy {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'ENOMEM':
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
      return 'retry'
    case 'EROFS':
      return faults < GIVE_UP ? 'retry' : 'abandon'
    default:
      return faults < 2 ? 'retry' : faults < GIVE_UP ? 'reopen' : 'abandon'
  }
}

/** A write that takes longer than this many milliseconds is a stall, and frames that wait for it wait for the disk. */
export const STALL = 5_000

/** Milliseconds until retry `attempt` (0 is the first): 0.2 s doubling to 2 s. */
export function retryDelay(attempt: number): number {
  return Math.min(2_000, 200 * 2 ** Math.min(attempt, 10))
}
