import { userInfo } from 'node:os'
import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import type { RecordRequest } from '../daemon/types.ts'

/** Arguments and flags of commands that take `CAMERA... | --group G | --all`. */
export const selectionArgs = { camera: argument({ description: 'cameras by id', required: false }) }
export const selectionFlags = {
  group: string({ char: 'g', description: 'the cameras of this group' }),
  all: boolean({ char: 'a', description: 'every camera' }),
}

/** The request that arguments and flags mean; the daemon finds fault with it. */
export function selectionOf(
  argv: readonly unknown[],
  flags: { group?: string | undefined; all: boolean },
): RecordRequest {
  return {
    ...(argv.length > 0 ? { cameras: argv as string[] } : {}),
    ...(flags.group === undefined ? {} : { group: flags.group }),
    ...(flags.all ? { all: true } : {}),
  }
}

/** Who types the command, for the daemon's history. */
export function currentUser(): string {
  try {
    return process.env.SUDO_USER ?? userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
