import { lstat, rmdir, statfs, unlink } from 'node:fs/promises'
import { readMarker } from '../../media/recorder/index.ts'

/** The part of the file system by which footage is deleted. Rejects with the system's errors. A test hands in one that fails. */
export interface RetentionFs {
  /** The entry itself: a symbolic link is no plain file. */
  look(path: string): Promise<{ readonly isFile: boolean; readonly isLink: boolean; readonly size: number }>
  unlink(path: string): Promise<void>
  /** Removes a directory when it is empty. */
  removeDirectory(path: string): Promise<void>
  /** The id in the marker of a storage directory; undefined where there is none. */
  storageId(path: string): Promise<string | undefined>
  /** Bytes free for us, and of the whole file system. */
  space(path: string): Promise<{ readonly free: number; readonly total: number }>
}

/** The file system of this machine. */
export const nodeRetentionFs: RetentionFs = {
  look: async path => {
    const facts = await lstat(path)
    return { isFile: facts.isFile(), isLink: facts.isSymbolicLink(), size: facts.size }
  },
  unlink,
  removeDirectory: path => rmdir(path),
  storageId: async path => (await readMarker(path))?.id,
  space: async path => {
    const { bavail, bsize, blocks } = await statfs(path)
    return { free: bavail * bsize, total: blocks * bsize }
  },
}
