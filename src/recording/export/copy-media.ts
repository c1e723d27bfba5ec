import { type FileHandle, open } from 'node:fs/promises'
import { systemCode } from '../../kernel/errors.ts'
import type { CopyList, CopySource } from './copy-list.ts'
import { readInto } from './file-io.ts'
import { isSameFile } from './source-segment.ts'

/** A source is gone, or is not any more what its headers said when the clip was laid out. */
export class SourceChangedError extends Error {
  readonly path: string

  constructor(path: string) {
    super(`${path} was removed or changed`)
    this.path = path
  }
}

/** Bytes of one read. Two of them are under way: one is read while the other is written. */
const BLOCK = 1024 * 1024

/** A hole between two stretches that is read over, for one read instead of two: headers of fragments have some hundred bytes. */
const READ_OVER = 64 * 1024

/** Takes bytes in order; what it is given is good until its promise is fulfilled. */
export type Sink = (pieces: readonly Buffer[]) => Promise<void>

/** Copies media to a sink. Rejects with SourceChangedError, with the signal's reason, and with errors of the sink. */
export async function copyMedia(copies: CopyList, sink: Sink, signal?: AbortSignal): Promise<void> {
  const buffers = [Buffer.allocUnsafeSlow(BLOCK), Buffer.allocUnsafeSlow(BLOCK)] as const
  let turn = 0
  let writing: Promise<void> = Promise.resolve()
  try {
    for (const source of copies.sources) {
      await using file = await openSource(source)
      for (const batch of batches(source.stretches)) {
        signal?.throwIfAborted()
        const pieces = await readBatch(file, source, batch, buffers[turn]!)
        turn ^= 1
        await writing
        writing = sink(pieces)
        // It is awaited above; meanwhile a failure must not count as one that nobody sees.
        writing.catch(() => {})
      }
    }
    await writing
  } finally {
    // Nobody may close what the sink writes to under a write.
    await writing.catch(() => {})
  }
}

/** Opens a source if it is still the file that was laid out. Rejects with SourceChangedError. Close it. */
export async function openSource({ path, identity }: Pick<CopySource, 'path' | 'identity'>): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new SourceChangedError(path)
    throw error
  }
  if (isSameFile(identity, await file.stat({ bigint: true }))) return file
  await file.close()
  throw new SourceChangedError(path)
}

/** What one read fetches: bytes of the file, and which stretches of them are wanted. */
interface Batch {
  readonly start: number
  end: number
  /** Offset and length in turn. */
  readonly wanted: number[]
}

function* batches(stretches: readonly number[]): Generator<Batch> {
  let batch: Batch | undefined
  for (let index = 0; index < stretches.length; index += 2) {
    let offset = stretches[index]!
    const end = offset + stretches[index + 1]!
    while (offset < end) {
      const near = batch && offset >= batch.end && offset - batch.end <= READ_OVER
      if (batch && (!near || offset - batch.start >= BLOCK)) {
        yield batch
        batch = undefined
      }
      batch ??= { start: offset, end: offset, wanted: [] }
      const take = Math.min(end, batch.start + BLOCK) - offset
      batch.wanted.push(offset, take)
      offset += take
      batch.end = offset
    }
  }
  if (batch) yield batch
}

async function readBatch(file: FileHandle, source: CopySource, batch: Batch, buffer: Buffer): Promise<Buffer[]> {
  const { start, end, wanted } = batch
  const bytes = await readInto(file, buffer.subarray(0, end - start), start)
  if (bytes < end - start) throw new SourceChangedError(source.path)
  const pieces: Buffer[] = []
  for (let index = 0; index < wanted.length; index += 2) {
    const from = wanted[index]! - start
    pieces.push(buffer.subarray(from, from + wanted[index + 1]!))
  }
  return pieces
}
