import { createHash } from 'node:crypto'
import { VmsError } from '../../kernel/errors.ts'
import { copyMedia, SourceChangedError } from './copy-media.ts'
import { writeAll } from './file-io.ts'
import type { ClipPlan } from './plan-clip.ts'
import { TargetFile, writeError } from './target-file.ts'

export interface WriteOptions {
  /** Absolute. */
  readonly path: string
  /** A file that is there may be replaced. */
  readonly force: boolean
  /** Makes the temporary name one of its own. */
  readonly token: string
  /** A hash of the file is wanted; it costs no second read. */
  readonly hash: boolean
  readonly signal?: AbortSignal | undefined
  /** Bytes so far, and of the whole file. */
  readonly progress?: ((done: number, total: number) => void) | undefined
}

export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  /** 64 hex digits, when it was asked for. */
  readonly sha256: string | undefined
}

/**
 * Writes a clip that is laid out. Under its name there is the whole clip or nothing, whatever happens. Throws
 * VMS_E_FILE_EXISTS and VMS_E_FILE_WRITE; SourceChangedError when a segment was removed meanwhile; the signal's reason.
 */
export async function writeClip(plan: ClipPlan, options: WriteOptions): Promise<WrittenFile> {
  const { path, signal, progress } = options
  const bytes = plan.head.length + plan.copies.bytes
  await using target = await TargetFile.create(path, options.force, options.token)
  await target.checkRoom(bytes)
  const hash = options.hash ? createHash('sha256') : undefined
  let done = 0
  const written = (part: Uint8Array) => {
    hash?.update(part)
    done += part.length
    progress?.(done, bytes)
  }
  try {
    written(plan.head)
    await writeAll(target.handle, [plan.head])
    await copyMedia(plan.copies, target.handle, { signal, written })
  } catch (error) {
    if (error instanceof SourceChangedError || error instanceof VmsError || signal?.aborted) throw error
    throw writeError(path, error)
  }
  signal?.throwIfAborted()
  await target.commit()
  return { path, bytes, sha256: hash?.digest('hex') }
}
