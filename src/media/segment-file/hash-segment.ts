import { hashedInit } from '../../wire/mp4/index.ts'
import { SegmentFile } from './open-segment.ts'
import { SegmentHash } from './segment-hash.ts'

/** Bytes that are read at once: much less and calls cost, much more and the processor's caches are of no use. */
const CHUNK = 1024 * 1024

/** The hash that a closed segment says it has, and the one that its bytes have. */
interface HashCheck {
  readonly said: string
  readonly found: string
  /** Bytes that were read for it. */
  readonly bytes: number
}

/**
 * Reads a whole segment and hashes it. Undefined for one that says no hash: an open one, one of another recorder or of an
 * earlier version. Throws system errors, and the signal's reason.
 */
export async function hashSegment(path: string, signal?: AbortSignal): Promise<HashCheck | undefined> {
  await using file = await SegmentFile.open(path)
  const init = file && hashedInit(file.init)
  if (!file || !init) return undefined
  const found = (await hashFragments(file, file.size, signal)).seal(init)
  return { said: file.init.end!.sha256!, found, bytes: file.size }
}

/** The hash of what stands between the init segment and byte `end`, ready to be sealed. */
export async function hashFragments(file: SegmentFile, end: number, signal?: AbortSignal): Promise<SegmentHash> {
  const hash = new SegmentHash()
  const start = file.init.bytes.length
  const length = Math.max(0, Math.min(CHUNK, end - start))
  const buffers = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)] as const
  const read = (at: number, turn: number) => {
    const reading = file.bytes.readInto(buffers[turn & 1]!.subarray(0, Math.min(length, end - at)), at)
    // Should the work end before it is awaited.
    reading.catch(() => {})
    return reading
  }
  let next = read(start, 0)
  for (let at = start, turn = 0; at < end; at += CHUNK, turn++) {
    signal?.throwIfAborted()
    const bytes = await next
    // The disk reads on while this is hashed.
    if (at + CHUNK < end) next = read(at + CHUNK, turn + 1)
    hash.add([bytes])
  }
  return hash
}
