import { basename, dirname } from 'node:path'
import { systemCode } from '../../kernel/errors.ts'
import { readSegmentHeader } from '../../media/segment-file/index.ts'
import { startOfName } from '../rebuild/unmarked-run.ts'
import type { Segment } from '../types.ts'
import type { RetentionFs } from './retention-fs.ts'

/** What stands at the path of a segment: the segment, nothing, or something else that is not to be touched. */
export type FileAtPath =
  | { readonly kind: 'segment' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'other'; readonly why: string }

/** Names are in UTC or in the zone of the site then: none is further from UTC than this, milliseconds. */
const ZONES = 15 * 3_600_000

const other = (why: string): FileAtPath => ({ kind: 'other', why })

/**
 * Looks whether the file of a segment is what the index says: by its own mark, camera, stream, session and number; where it
 * has none, for ffmpeg wrote it, by directory, name and size. Rejects with the error of the disk.
 */
export async function fileAtPath(fs: RetentionFs, absolute: string, segment: Segment): Promise<FileAtPath> {
  const { camera, stream, path } = segment
  const parts = path.split('/')
  // ffmpeg puts its segments above the folders of days.
  const deep = parts.length === 3 || parts.length === 4
  if (!deep || parts[0] !== camera || parts[1] !== stream || parts.includes('..') || parts.includes('.'))
    return other('its path is none of a segment')
  try {
    const { isFile, size } = await fs.look(absolute)
    if (!isFile) return other('not a plain file')
    const header = await readSegmentHeader(absolute)
    if (!header) return other('no segment')
    const { mark } = header
    if (mark) {
      const { session, number } = segment
      const same =
        mark.camera === camera && mark.stream === stream && mark.session === session && mark.number === number
      if (!same) return other(`segment ${mark.number} of session ${mark.session}, ${mark.camera} ${mark.stream}`)
      return header.end ? { kind: 'segment' } : other('it is not closed')
    }
    if (size !== segment.bytes) return other(`no mark of ours, and ${size} bytes in place of ${segment.bytes}`)
    const named = startOfName(basename(path), 'UTC')
    if (named === undefined || Math.abs(named - segment.start) > ZONES) return other('no mark of ours in it')
    return { kind: 'segment' }
  } catch (error) {
    const code = systemCode(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    if (await isBehindLink(fs, absolute, parts.length - 1))
      return other('it is not there, and its directory is a symbolic link: is the disk mounted to which that leads?')
    return { kind: 'gone' }
  }
}

/** Whether one of the directories above a path, as many as `levels`, is a symbolic link: nobody looks after that disk. */
async function isBehindLink(fs: RetentionFs, absolute: string, levels: number): Promise<boolean> {
  let path = absolute
  for (let level = 0; level < levels; level++) {
    path = dirname(path)
    const facts = await fs.look(path).catch(() => undefined)
    if (facts?.isLink) return true
  }
  return false
}
