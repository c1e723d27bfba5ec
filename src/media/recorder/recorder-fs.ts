import fs from 'node:fs'
import { promisify } from 'node:util'

/** What a directory entry or an open file is. */
export interface FileFacts {
  readonly size: number
  readonly inode: number
  /** Milliseconds since the epoch. */
  readonly modified: number
  /** Names the file has; 0 when it was deleted while open. */
  readonly links: number
}

/**
 * The part of the file system that the recorder uses. All calls run on the thread pool and reject with the system's error.
 * A test hands in one that fails, or is slow.
 */
export interface RecorderFs {
  /** Opens for writing. `create`: makes the file, and fails with EEXIST rather than touch one that is there. */
  open(path: string, how: 'create' | 'existing'): Promise<number>
  /** Writes some or all of `buffers` at `position`; gives the bytes written. */
  writev(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number>
  truncate(fd: number, length: number): Promise<void>
  /** fdatasync(2). */
  sync(fd: number): Promise<void>
  close(fd: number): Promise<void>
  facts(target: number | string): Promise<FileFacts>
  /** Makes a directory and those above it; gives the topmost that was made, or undefined. */
  makeDirectory(path: string): Promise<string | undefined>
  /** Makes the entries of a directory last through a power cut. */
  syncDirectory(path: string): Promise<void>
  /** Names in a directory. */
  list(path: string): Promise<string[]>
  /** Fills `into` from byte `position` of a file on; gives the bytes read, fewer where it ends. */
  readAt(path: string, into: Uint8Array, position: number): Promise<number>
  /** A small text file. */
  read(path: string): Promise<string>
  remove(path: string): Promise<void>
}

const open = promisify(fs.open)
const read = promisify(fs.read)
const ftruncate = promisify(fs.ftruncate)
const fdatasync = promisify(fs.fdatasync)
const fsync = promisify(fs.fsync)
const close = promisify(fs.close)
const fstat = promisify(fs.fstat)
const stat = promisify(fs.stat)
const mkdir = promisify(fs.mkdir)
const readdir = promisify(fs.readdir)
const readFile = promisify(fs.readFile)
const unlink = promisify(fs.unlink)

const { O_CREAT, O_EXCL, O_RDWR, O_RDONLY, O_DIRECTORY } = fs.constants

/** The file system of this machine. */
export const nodeRecorderFs: RecorderFs = {
  open: (path, how) => open(path, how === 'create' ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0o640),
  writev: (fd, buffers, position) =>
    new Promise((resolve, reject) => {
      fs.writev(fd, buffers as Uint8Array[], position, (error, written) => (error ? reject(error) : resolve(written)))
    }),
  truncate: (fd, length) => ftruncate(fd, length),
  sync: fd => fdatasync(fd),
  close: fd => close(fd),
  facts: async target => {
    const { size, ino, mtimeMs, nlink } = await (typeof target === 'number' ? fstat(target) : stat(target))
    return { size, inode: ino, modified: mtimeMs, links: nlink }
  },
  makeDirectory: path => mkdir(path, { recursive: true, mode: 0o750 }),
  syncDirectory: async path => {
    const fd = await open(path, O_RDONLY | O_DIRECTORY)
    try {
      await fsync(fd)
    } finally {
      await close(fd)
    }
  },
  list: path => readdir(path),
  readAt: async (path, into, position) => {
    const fd = await open(path, O_RDONLY)
    try {
      const got: unknown = await read(fd, into, 0, into.length, position)
      return typeof got === 'number' ? got : (got as { bytesRead: number }).bytesRead
    } finally {
      await close(fd)
    }
  },
  read: path => readFile(path, 'utf8'),
  remove: path => unlink(path),
}
