import type { Segment } from '../types.ts'
import { countBefore, firstKey, keyBefore, sampleShownAt, ticksAt, wallEnd } from './choose-samples.ts'
import type { Cut } from './layout.ts'
import { readSource, type SourceProblem, type SourceSegment } from './source-segment.ts'

export interface CutOptions {
  /** In order of start; those before `from` are looked at only for the key frame before it. */
  readonly segments: readonly Segment[]
  /** Absolute path of a file of the archive. */
  readonly absolute: (path: string) => string
  /** Wall-clock milliseconds. */
  readonly from: number
  readonly to: number
  readonly signal?: AbortSignal | undefined
}

/**
 * What of each segment belongs to a span, in order. It begins with the frame shown at `from`, or with the first key frame behind it
 * where nothing was recorded then, and has every frame that begins before `to`. The headers of one segment at a time are in
 * memory. What cannot be used, or not whole, is added to `problems`. Throws the signal's reason.
 */
export async function* cutsOf(options: CutOptions, problems: SourceProblem[]): AsyncGenerator<Cut, void> {
  const { segments, from, to, signal } = options
  const reader = new SourceReader(options, problems)
  let last: Cut | undefined
  for (let index = firstWanted(segments, from); index < segments.length; index++) {
    signal?.throwIfAborted()
    const segment = segments[index]!
    if (segment.start >= to) return
    if (segment.end <= from - SLACK) continue
    const source = await reader.read(segment)
    if (!source) continue
    const cuts: Cut[] = last ? followingCuts(source, to, last) : await openingCuts(reader, index, source)
    yield* cuts
    last = cuts.at(-1) ?? last
  }
}

/** Milliseconds by which index and file may disagree on when a segment ends. */
const SLACK = 1_000

/** The segment from which to look: the last that begins at `from` or before, and what may still run beside it. */
function firstWanted(segments: readonly Segment[], from: number): number {
  let index = 0
  while (index < segments.length && segments[index]!.start <= from) index++
  index = Math.max(0, index - 1)
  while (index > 0 && segments[index - 1]!.end > from) index--
  return index
}

/** Reads segments and keeps account of what is wrong with them. */
class SourceReader {
  readonly options: CutOptions
  readonly #problems: SourceProblem[]

  constructor(options: CutOptions, problems: SourceProblem[]) {
    this.options = options
    this.#problems = problems
  }

  async read(segment: Segment): Promise<SourceSegment | undefined> {
    const source = await readSource(segment, this.options.absolute(segment.path))
    const problem = typeof source === 'string' ? source : source.damage
    const known = this.#problems.some(({ path }) => path === segment.path)
    if (problem !== undefined && !known) {
      this.#problems.push({ path: segment.path, start: segment.start, end: segment.end, problem })
    }
    return typeof source === 'string' ? undefined : source
  }
}

/** The cuts that come first, when `source` is the first segment that may have something of the span; none if it has not. */
async function openingCuts(reader: SourceReader, index: number, source: SourceSegment): Promise<Cut[]> {
  const { from, to } = reader.options
  if (wallEnd(source) <= from) return []
  const { lead } = source
  const shown = sampleShownAt(lead, ticksAt(source, from))
  if (shown !== undefined) {
    const key = keyBefore(lead, shown)
    if (key !== undefined) return [cutOf(source, key, to, shown)]
    const earlier = await keyInSegmentsBefore(reader, index)
    if (earlier) return [...earlier, cutOf(source, 0, to, shown)]
  }
  const key = firstKey(lead)
  if (key === undefined) return []
  const cut = cutOf(source, key, to, key)
  return cut.count > key ? [cut] : []
}

/** A segment that was cut without a key frame goes on with the group of the one before: back to where that begins. */
async function keyInSegmentsBefore(reader: SourceReader, index: number): Promise<Cut[] | undefined> {
  const { segments } = reader.options
  const cuts: Cut[] = []
  for (let at = index - 1; at >= 0; at--) {
    const [segment, next] = [segments[at]!, segments[at + 1]!]
    if (segment.session !== next.session || segment.number + 1 !== next.number) return undefined
    const source = await reader.read(segment)
    if (!source || source.damage !== undefined) return undefined
    const key = source.lead.keys.lastIndexOf(1)
    cuts.unshift(cutOf(source, Math.max(0, key), Number.POSITIVE_INFINITY, undefined))
    if (key >= 0) return cuts
  }
  return undefined
}

/** The cut of a segment behind others: all of it, up to `to`; from a key frame on unless it goes on with the one before. */
function followingCuts(source: SourceSegment, to: number, previous: Cut): Cut[] {
  const first = goesOn(previous, source) ? 0 : firstKey(source.lead)
  if (first === undefined) return []
  const cut = cutOf(source, first, to, undefined)
  return cut.count > first ? [cut] : []
}

/** Whether no frame is missing between a cut and a segment, so that a decoder needs no key frame there. */
function goesOn({ source, count }: Cut, next: SourceSegment): boolean {
  const [a, b] = [source.segment, next.segment]
  return (
    a.session === b.session && a.number + 1 === b.number && source.damage === undefined && count === source.lead.count
  )
}

function cutOf(source: SourceSegment, first: number, to: number, shown: number | undefined): Cut {
  const { lead } = source
  if (wallEnd(source) <= to) return { source, first, count: lead.count, before: undefined, shown }
  const before = ticksAt(source, to)
  return { source, first, count: countBefore(lead, before), before, shown }
}
