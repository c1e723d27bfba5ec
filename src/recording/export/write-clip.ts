import { createHash } from 'node:crypto'
import { CopyList } from './copy-list.ts'
import { copyMedia, type Sink } from './copy-media.ts'
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
export function writeClip({ head, copies }: Pick<ClipPlan, 'head' | 'copies'>, options: WriteOptions) {
  return writeFile(head.length + copies.bytes, options, async sink => {
    await sink([head])
    await copyMedia(copies, sink, options.signal)
  })
}

/** Copies a file as it is. `identity` is that of the file that is meant. Throws as {@link writeClip} does. */
export function copyWhole(source: { path: string; identity: string; bytes: number }, options: WriteOptions) {
  const copies = new CopyList()
  copies.add(source, 0, source.bytes)
  return writeFile(source.bytes, options, sink => copyMedia(copies, sink, options.signal))
}

/** Writes a file of `bytes` bytes, which `produce` gives to a sink. Throws VMS_E_FILE_EXISTS and VMS_E_FILE_WRITE. */
export async function writeFile(
  bytes: number,
  options: WriteOptions,
  produce: (sink: Sink) => Promise<void>,
): Promise<WrittenFile> {
  const { path, signal, progress } = options
  await using target = await TargetFile.create(path, options.force, options.token)
  await target.checkRoom(bytes)
  const hash = options.hash ? createHash('sha256') : undefined
  let done = 0
  const sink: Sink = async pieces => {
    for (const piece of pieces) {
      hash?.update(piece)
      done += piece.length
    }
    try {
      await target.write(pieces)
    } catch (error) {
      throw writeError(path, error)
    }
    progress?.(done, bytes)
  }
  await produce(sink)
  signal?.throwIfAborted()
  await target.commit()
  return { path, bytes, sha256: hash?.digest('hex') }
}
