import { boxHeader, MAX_BOX_HEADER } from './boxes.ts'
import { type Fragment, MAX_MOOF, readFragment } from './read-fragment.ts'
import { MAX_INIT, type ReadInit, readInit } from './read-init.ts'

/** Bytes that a step wants from the file. */
interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * Reading without I/O: yields the ranges it needs, is resumed with their bytes (fewer where the file ends earlier), and
 * returns what it found.
 */
export type Steps<T> = Generator<ByteRange, T, Uint8Array>

/** Runs steps over bytes that are at hand. */
export function readSync<T>(steps: Steps<T>, read: (offset: number, length: number) => Uint8Array): T {
  let state = steps.next()
  while (!state.done) state = steps.next(read(state.value.offset, state.value.length))
  return state.value
}

/** Runs steps over a file. The bytes that `read` gives are looked at before the next call only. */
export async function readAsync<T>(
  steps: Steps<T>,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<T> {
  let state = steps.next()
  while (!state.done) state = steps.next(await read(state.value.offset, state.value.length))
  return state.value
}

/** Boxes that may stand between two fragments. */
const MAX_OTHER_BOXES = 1_000

/** A box of the file itself, not within another. */
interface TopLevelBox {
  readonly type: string
  readonly start: number
  readonly content: number
  readonly end: number
}

/** The box at `at` of a file of `size` bytes; it may reach beyond the end. Undefined where none begins. */
function* topLevelBox(at: number, size: number): Steps<TopLevelBox | undefined> {
  const bytes = yield { offset: at, length: Math.min(MAX_BOX_HEADER, size - at) }
  const box = boxHeader(bytes, 0)
  return box && { type: box.type, start: at, content: at + box.content, end: at + box.end }
}

/** Finds and reads what stands before the first fragment of a file of `size` bytes; see {@link readInit}. */
export function* scanInit(size: number): Steps<ReadInit | undefined> {
  let at = 0
  for (let count = 0; count < MAX_OTHER_BOXES; count++) {
    if (size - at < 8) break
    const box = yield* topLevelBox(at, size)
    if (!box || box.type === 'moof' || box.type === 'mdat' || box.end > Math.min(size, MAX_INIT)) break
    at = box.end
  }
  return at === 0 ? undefined : readInit(yield { offset: 0, length: at })
}

/** Where the fragments of a file end, and how. */
export interface FragmentsEnd {
  /** `whole`: with the file. `truncated`: in the middle of a fragment. `damaged`: before bytes that are no fragment. */
  readonly type: 'whole' | 'truncated' | 'damaged'
  /** End of the last whole fragment, or of what stands before the first: a crashed file can be cut here. */
  readonly at: number
}

export type FragmentStep = { readonly type: 'fragment'; readonly fragment: Fragment } | FragmentsEnd

/**
 * The fragment at `at` (the end of the one before, at first `init.bytes.length`) of a file of `size` bytes. Reads headers
 * only, never the media.
 */
export function* scanFragment(init: ReadInit, at: number, size: number): Steps<FragmentStep> {
  let start = at
  for (let count = 0; count < MAX_OTHER_BOXES; count++) {
    if (start === size) return { type: 'whole', at: start }
    if (size - start < 8) return { type: 'truncated', at }
    const moof = yield* topLevelBox(start, size)
    if (!moof) return { type: 'damaged', at }
    if (moof.end > size) return { type: 'truncated', at }
    if (moof.type === 'mdat') return { type: 'damaged', at }
    if (moof.type === 'moof') return yield* mediaOf(init, moof, at, size)
    start = moof.end
  }
  return { type: 'damaged', at }
}

function* mediaOf(init: ReadInit, moof: TopLevelBox, at: number, size: number): Steps<FragmentStep> {
  if (moof.end - moof.start > MAX_MOOF) return { type: 'damaged', at }
  // Header of the media box in the same read.
  const length = Math.min(moof.end + MAX_BOX_HEADER, size) - moof.start
  const bytes = yield { offset: moof.start, length }
  if (size - moof.end < 8 || bytes.length < length) return { type: 'truncated', at }
  const mdat = boxHeader(bytes, moof.end - moof.start)
  if (mdat?.type !== 'mdat') return { type: 'damaged', at }
  const data = { start: moof.start + mdat.content, end: moof.start + mdat.end }
  if (data.end > size) return { type: 'truncated', at }
  const fragment = readFragment(bytes.subarray(0, moof.end - moof.start), init, moof.start, data)
  return fragment ? { type: 'fragment', fragment: { ...fragment, end: data.end } } : { type: 'damaged', at }
}
