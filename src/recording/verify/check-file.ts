import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { hashSegment, inspectSegment, type SegmentInspection } from '../../media/segment-file/index.ts'
import type { CheckedFile } from './types.ts'

const NOTHING = {
  detail: '',
  bytes: 0,
  modified: 0,
  mark: undefined,
  duration: 0,
  frames: 0,
  leadFrames: 0,
  codec: '',
  sha256: null,
  found: null,
}

/**
 * Reads what a file of the archive says and whether it is whole; with `deep` all of its bytes, for the hash. Rejects with the
 * signal's reason only: what the system says is part of the answer.
 */
export async function checkFile(
  storage: string,
  path: string,
  deep: boolean,
  signal?: AbortSignal,
): Promise<CheckedFile> {
  const absolute = join(storage, path)
  try {
    const facts = await stat(absolute)
    const modified = Math.round(facts.mtimeMs)
    if (!facts.isFile()) return { ...NOTHING, path, state: 'foreign', modified }
    const segment = await inspectSegment(absolute)
    if (!segment) return { ...NOTHING, path, modified, bytes: facts.size, ...withoutForm(facts.size) }
    const { state, detail } = stateOf(segment)
    let found: string | null = null
    if (deep && state === 'closed') found = (await hashSegment(absolute, signal))?.found ?? null
    return { ...factsOf(segment), path, state, detail, modified, found }
  } catch (error) {
    signal?.throwIfAborted()
    const code = systemCode(error)
    if (code === undefined) throw error
    return { ...NOTHING, path, state: code === 'ENOENT' ? 'gone' : 'unreadable', detail: messageOf(error) }
  }
}

function withoutForm(size: number): Pick<CheckedFile, 'state' | 'detail'> {
  return size === 0 ? { state: 'empty', detail: 'no byte in it' } : { state: 'foreign', detail: 'no segment' }
}

function stateOf(segment: SegmentInspection): Pick<CheckedFile, 'state' | 'detail'> {
  const { mark, end, fragments, complete, tail, size, lastWholeFragmentEnd, frames, gaps } = segment
  if (!mark) return { state: 'unmarked', detail: '' }
  const rest = size - lastWholeFragmentEnd
  if (!end) {
    if (fragments === 0) return { state: 'empty', detail: 'no whole fragment in it' }
    return {
      state: 'open',
      detail: rest === 0 ? 'never closed' : `never closed, ${rest} bytes behind its last fragment`,
    }
  }
  if (tail !== 'whole')
    return { state: 'damaged', detail: `${rest} bytes from byte ${lastWholeFragmentEnd} on are ${tail}` }
  if (!complete) return { state: 'damaged', detail: `${frames} frames in it, ${end.frames} were recorded` }
  if (gaps > 0) return { state: 'damaged', detail: `${gaps} holes between its fragments` }
  return { state: 'closed', detail: '' }
}

function factsOf({ mark, end, size, duration, frames: leadFrames, samples, tracks, lead }: SegmentInspection) {
  let frames = 0
  for (const count of samples.values()) frames += count
  const codec = tracks.find(({ id }) => id === lead)?.codec ?? 'other'
  return { mark, bytes: size, duration, frames, leadFrames, codec, sha256: end?.sha256 ?? null }
}
