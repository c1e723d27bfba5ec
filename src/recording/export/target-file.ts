import { existsSync } from 'node:fs'
import { type FileHandle, link, open, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import { formatSize } from '../../kernel/units.ts'
import { writeAll } from './file-io.ts'

/** Bytes after which a sync is begun. */
const SYNC_STEP = 64 * 1024 * 1024

/**
 * A file that gets its name when it is whole: written beside its place under a hidden name of its own, synced, then renamed.
 * Dispose of it in any case: what was not committed is removed.
 */
export class TargetFile implements AsyncDisposable {
  readonly path: string
  readonly #handle: FileHandle
  readonly #temporary: string
  readonly #force: boolean
  #open = true
  #unsynced = 0
  #syncing: Promise<void> | undefined
  #fault: unknown

  private constructor(path: string, force: boolean, temporary: string, handle: FileHandle) {
    this.path = path
    this.#force = force
    this.#temporary = temporary
    this.#handle = handle
  }

  /**
   * `token`: some characters that no other export uses. Throws VMS_E_FILE_EXISTS unless `force`, VMS_E_FILE_WRITE when the
   * directory cannot be written.
   */
  static async create(path: string, force: boolean, token: string): Promise<TargetFile> {
    refuseExisting(path, force)
    const temporary = join(dirname(path), `.${basename(path)}.${token}.part`)
    try {
      return new TargetFile(path, force, temporary, await open(temporary, 'wx', 0o640))
    } catch (error) {
      throw writeError(path, error)
    }
  }

  /** Throws VMS_E_FILE_WRITE when the disk has less room than `bytes`. */
  async checkRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.path))
    const free = bavail * bsize
    if (free >= bytes) return
    throw new VmsError(
      'VMS_E_FILE_WRITE',
      `${this.path} needs ${formatSize(bytes)} and its disk has ${formatSize(free)} left`,
    )
  }

  /**
   * Writes at the end. What was written is synced bit by bit, beside the writing: the disk has no burst at the end, in which a recording on it
   * would have to wait. Rejects with the error of the disk.
   */
  async write(pieces: readonly Uint8Array[]): Promise<void> {
    await writeAll(this.#handle, pieces)
    for (const { length } of pieces) this.#unsynced += length
    if (this.#unsynced < SYNC_STEP || this.#syncing) return
    this.#unsynced = 0
    // The kernel tells a failure once: it is kept for the end.
    this.#syncing = this.#handle.datasync().then(
      () => {
        this.#syncing = undefined
      },
      error => {
        this.#syncing = undefined
        this.#fault ??= error
      },
    )
  }

  async #sync(): Promise<void> {
    await this.#syncing
    if (this.#fault !== undefined) throw this.#fault
    await this.#handle.sync()
  }

  /** Makes what was written last through a power cut, and gives it its name. */
  async commit(): Promise<void> {
    try {
      await this.#sync()
      await this.#close()
      await this.#name()
      await syncDirectory(dirname(this.path))
    } catch (error) {
      throw error instanceof VmsError ? error : writeError(this.path, error)
    }
  }

  /** A link, unlike renaming, never takes the place of a file that came meanwhile; FAT and exFAT have none. */
  async #name(): Promise<void> {
    if (!this.#force) {
      try {
        await link(this.#temporary, this.path)
        await rm(this.#temporary)
        return
      } catch (error) {
        if (systemCode(error) === 'EEXIST') throw exists(this.path)
        if (existsSync(this.path)) throw exists(this.path)
      }
    }
    await rename(this.#temporary, this.path)
  }

  async #close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#syncing
    await this.#handle.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close().catch(() => {})
    await rm(this.#temporary, { force: true }).catch(() => {})
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  try {
    await directory.sync()
  } catch {
    // Some file systems (network shares) have no such thing.
  } finally {
    await directory.close()
  }
}

/** Throws VMS_E_FILE_EXISTS when there is a file and it may not be replaced. */
export function refuseExisting(path: string, force: boolean): void {
  if (!force && existsSync(path)) throw exists(path)
}

function exists(path: string): VmsError {
  return new VmsError('VMS_E_FILE_EXISTS', `${path} exists already`)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EFBIG: 'the file system takes no file of this size',
  EISDIR: 'it is a directory',
}

/** A failed write as the user is told of it. */
export function writeError(path: string, error: unknown): VmsError {
  const reason = REASONS[systemCode(error) ?? ''] ?? messageOf(error)
  return new VmsError('VMS_E_FILE_WRITE', `${path} cannot be written: ${reason}`, { cause: error })
}
