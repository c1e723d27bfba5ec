import { createHash } from 'node:crypto'
import { systemCode } from '../../kernel/errors.ts'
import { SegmentFile } from '../../media/segment-file/index.ts'
import { hashedInit } from '../../wire/mp4/index.ts'
import type { Segment } from '../types.ts'
import { SourceChangedError } from './copy-media.ts'
import { readInto } from './file-io.ts'
import { utc } from './gaps.ts'
import { isSameFile } from './source-segment.ts'

/** A segment as it was read for an export. */
export interface HashedSource {
  /** Relative to the storage path. */
  readonly path: string
  readonly bytes: number
  /** Of the whole file, as `sha256sum` prints it. */
  readonly sha256: string
  /**
   * Whether the file is what was recorded: it has the hash that was made while it was written, and the index knows the same. Null where none was
   * made.
   */
  readonly intact: boolean | null
  readonly session: string
  readonly number: number
  /** RFC 3339, UTC. */
  readonly start: string
  readonly end: string
  /** Camera clock minus the recorder's, milliseconds; null when the camera had not told. */
  readonly clockOffset: number | null
}

const BLOCK = 1024 * 1024

/** Reads a segment whole and hashes it. Throws SourceChangedError when it is gone or not the file of `identity`; the signal's reason. */
export async function hashSource(
  segment: Segment,
  path: string,
  identity: string,
  signal?: AbortSignal,
): Promise<HashedSource> {
  await using file = await openSegment(path)
  if (!file || !isSameFile(identity, await file.handle.stat({ bigint: true }))) throw new SourceChangedError(path)
  const whole = createHash('sha256')
  const sealed = createHash('sha256')
  const initSize = file.init.bytes.length
  const block = Buffer.allocUnsafeSlow(BLOCK)
  for (let at = 0; at < file.size; ) {
    signal?.throwIfAborted()
    const read = await readInto(file.handle, block.subarray(0, Math.min(BLOCK, file.size - at)), at)
    if (read === 0) throw new SourceChangedError(path)
    whole.update(block.subarray(0, read))
    if (at + read > initSize) sealed.update(block.subarray(Math.max(0, initSize - at), read))
    at += read
  }
  const init = hashedInit(file.init)
  const seal = init && sealed.update(init).digest('hex')
  const { session, number, start, end, clockOffset, sha256 } = segment
  return {
    path: segment.path,
    bytes: file.size,
    sha256: whole.digest('hex'),
    intact: sha256 === null ? null : seal === sha256 && file.init.end?.sha256 === sha256,
    session,
    number,
    start: utc(start),
    end: utc(end),
    clockOffset,
  }
}

async function openSegment(path: string): Promise<SegmentFile | undefined> {
  try {
    return await SegmentFile.open(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
