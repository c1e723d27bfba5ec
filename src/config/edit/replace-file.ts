import { chmod, chown, type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { systemCode, VmsError } from '../../kernel/errors.ts'

/** Another edit takes milliseconds; one that was killed leaves its file behind. */
const LOCK_WAIT = 5_000
const LOCK_RETRY = 50
const LOCK_STALE = 60_000

/**
 * Replaces the file `path` by what `change` makes of it, in one step: readers see the old file or the new one. Mode and
 * owner stay; a symbolic link stays one. Edits at the same time wait for each other. When `change` throws, or gives
 * undefined, nothing is changed. Throws VMS_E_CONFIG_BUSY, VMS_E_FILE_WRITE.
 */
export async function replaceFile(
  path: string,
  clock: Clock,
  change: (path: string) => Promise<string | undefined>,
): Promise<void> {
  const target = await realpath(path)
  const temporary = join(dirname(target), `.${basename(target)}.vmsctl-edit`)
  const file = await lock(temporary, target, clock)
  let renamed = false
  try {
    // Read only now: an edit that was waited for has changed it.
    const text = await change(target)
    if (text === undefined) return
    await file.writeFile(text)
    const { mode, uid, gid } = await stat(target)
    await chmod(temporary, mode & 0o7777)
    // Only root may give a file away; anybody else has it as their own already, or is in its group.
    await chown(temporary, uid, gid).catch(() => {})
    await file.sync()
    await rename(temporary, target)
    renamed = true
  } catch (error) {
    throw error instanceof VmsError ? error : cannotWrite(target, error)
  } finally {
    await file.close()
    if (!renamed) await unlink(temporary).catch(() => {})
  }
}

/** The new file beside the old one, made only when nobody else has one there. */
async function lock(temporary: string, target: string, clock: Clock): Promise<FileHandle> {
  const deadline = clock.monotonic() + LOCK_WAIT
  for (;;) {
    try {
      return await open(temporary, 'wx', 0o600)
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw cannotWrite(target, error)
    }
    const age = await stat(temporary).then(
      ({ mtimeMs }) => clock.wall() - mtimeMs,
      () => 0,
    )
    if (age > LOCK_STALE) await unlink(temporary).catch(() => {})
    else if (clock.monotonic() > deadline)
      throw new VmsError('VMS_E_CONFIG_BUSY', `${target} is being edited by another vmsctl (${temporary})`)
    else await sleep(clock, LOCK_RETRY)
  }
}

export function cannotWrite(path: string, error: unknown): VmsError {
  const code = systemCode(error)
  const reasons: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    ENOENT: 'the directory does not exist',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is mounted read-only',
    EISDIR: 'it is a directory',
  }
  return new VmsError(
    'VMS_E_FILE_WRITE',
    `${path} cannot be written: ${reasons[code ?? ''] ?? code ?? 'unknown reason'}`,
    { cause: error },
  )
}
