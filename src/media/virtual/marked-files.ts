import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode, VmsError } from '../../kernel/errors.ts'
import { readSync as runSync, scanFragment, scanInit } from '../../wire/mp4/index.ts'
import { type FrameMark, findMark } from './frame-mark.ts'
import { readPlainMp4 } from './plain-mp4.ts'

/** Bytes at the beginning of a sample in which its mark must stand: behind parameter sets, before the picture. */
const MARK_WITHIN = 1_024

/** All MP4 files below a directory, sorted by path. Throws VMS_E_STORAGE_UNAVAILABLE when there is no such directory. */
export async function findMp4Files(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(error => {
    const why = systemCode(error) === 'ENOENT' ? 'it does not exist' : systemCode(error)
    throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `${directory} cannot be read: ${why}`, { cause: error })
  })
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.mp4'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/** How the reading of a file ended. `open`: in the middle of its last fragment, as a file does that is being written. */
export type FileEnd = 'whole' | 'open' | 'damaged' | 'unreadable'

/** Calls `visit` with the mark of each video sample of a file in their order, undefined where one has none. False ends it. */
export async function eachMark(path: string, visit: (mark: FrameMark | undefined) => boolean): Promise<FileEnd> {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    // Retention may take a file while we look.
    return 'unreadable'
  }
  try {
    const end = readFragments(fd, visit)
    return end ?? (await readPlain(path, fd, visit))
  } finally {
    closeSync(fd)
  }
}

/** Undefined when it is no fragmented file. */
function readFragments(fd: number, visit: (mark: FrameMark | undefined) => boolean): FileEnd | undefined {
  const read = (offset: number, length: number) => readAt(fd, offset, length)
  const { size } = fstatSync(fd)
  const init = runSync(scanInit(size), read)
  if (!init) return undefined
  const video = init.tracks.find(track => track.codec === 'h264' || track.codec === 'h265')
  const window = Buffer.allocUnsafe(MARK_WITHIN)
  for (let at = init.bytes.length; ; ) {
    const step = runSync(scanFragment(init, at, size), read)
    if (step.type !== 'fragment') return step.type === 'truncated' ? 'open' : step.type
    for (const run of step.fragment.runs) {
      if (run.trackId !== video?.id) continue
      for (let i = 0; i < run.count; i++) {
        if (!visit(markAt(fd, window, run.offsets[i]!, run.sizes[i]!))) return 'whole'
      }
    }
    at = step.fragment.end
  }
}

/** A plain file has no index before it is closed. */
async function readPlain(path: string, fd: number, visit: (mark: FrameMark | undefined) => boolean): Promise<FileEnd> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const tracks = await readPlainMp4(file, path)
    if (tracks.length === 0) return 'open'
    const window = Buffer.allocUnsafe(MARK_WITHIN)
    for (const { offset, size } of tracks.find(track => track.kind === 'video')?.samples ?? []) {
      if (!visit(markAt(fd, window, offset, size))) break
    }
    return 'whole'
  } catch {
    return 'damaged'
  } finally {
    await file?.close()
  }
}

function markAt(fd: number, window: Buffer, offset: number, size: number): FrameMark | undefined {
  const length = readSync(fd, window, 0, Math.min(MARK_WITHIN, size), offset)
  return findMark(window, 0, length)
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, offset + done)
    if (got === 0) break
    done += got
  }
  return bytes.subarray(0, done)
}
