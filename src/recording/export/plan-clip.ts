import type { Segment } from '../types.ts'
import { countBefore, firstKey, keyBefore, sampleShownAt, shownAt, ticksAt, wallEnd } from './choose-samples.ts'
import { ClipBuilder, type ClipOptions, type Cut, type LaidOut } from './clip-builder.ts'
import { readSource, type SourceProblem, type SourceSegment } from './source-segment.ts'

export interface PlanOptions extends Omit<ClipOptions, 'longestHole'> {
  /** In order of start; those before `from` are looked at only for the key frame before it. */
  readonly segments: readonly Segment[]
  /** Absolute path of a file of the archive. */
  readonly absolute: (path: string) => string
  /** Wall-clock milliseconds. */
  readonly from: number
  readonly to: number
  readonly signal?: AbortSignal | undefined
}

/** A clip that can be written: nothing but media is still to be read. */
export interface ClipPlan extends LaidOut {
  /** The segments that go into it. */
  readonly segments: readonly Segment[]
  readonly problems: readonly SourceProblem[]
}

/** What a plan found when there is nothing to show. */
export interface EmptyPlan {
  readonly problems: readonly SourceProblem[]
}

/**
 * Reads the headers of the segments of a span and lays out one clip. It begins with the frame shown at `from`, or with the first
 * key frame behind it where nothing was recorded then, and shows every frame that begins before `to`. Segments that cannot
 * be used, or not whole, are told in `problems` and leave a hole.
 * Throws MixedParametersError, and the signal's reason.
 */
export async function planClip(options: PlanOptions): Promise<ClipPlan | EmptyPlan> {
  const expected = longestHole(options.segments)
  const plan = await planFor(options, expected)
  if (!('holes' in plan)) return plan
  // Longer than the segments' times let expect: files are gone.
  const found = Math.max(0, ...plan.holes.map(({ start, end }) => (end - start) / 1_000))
  return found > expected ? planFor(options, found) : plan
}

async function planFor(options: PlanOptions, longestHole: number): Promise<ClipPlan | EmptyPlan> {
  const { segments, from, to, signal } = options
  const reader = new SourceReader(options)
  const used: Segment[] = []
  let builder: ClipBuilder | undefined
  let last: Cut | undefined
  for (let index = lastBefore(segments, from); index < segments.length; index++) {
    signal?.throwIfAborted()
    const segment = segments[index]!
    if (segment.start >= to) break
    if (segment.end <= from - SLACK) continue
    const source = await reader.read(segment)
    if (!source) continue
    for (const cut of builder ? followingCuts(source, to, last) : await openingCuts(reader, index, source)) {
      builder ??= new ClipBuilder(cut, { ...options, longestHole })
      builder.add(cut)
      used.push(cut.source.segment)
      last = cut
    }
  }
  const { problems } = reader
  return builder ? { ...builder.finish(), segments: used, problems } : { problems }
}

/**
 * The key frame by which a decoder gets to what is shown at `from`, as a clip of one picture. Throws the signal's reason.
 */
export async function planKeyFrame(options: PlanOptions): Promise<ClipPlan | EmptyPlan> {
  const { segments, from, to } = options
  const reader = new SourceReader(options)
  for (let index = lastBefore(segments, from); index < segments.length; index++) {
    options.signal?.throwIfAborted()
    if (segments[index]!.start >= to) break
    const source = await reader.read(segments[index]!)
    const [cut] = source ? await openingCuts(reader, index, source) : []
    if (!cut) continue
    const { first } = cut
    const { lead, segment } = cut.source
    const one: Cut = { source: cut.source, first, count: first + 1, before: shownAt(lead, first) + 1, shown: first }
    const builder = new ClipBuilder(one, { keepGaps: false, audio: false, longestHole: 0 })
    builder.add(one)
    return { ...builder.finish(), segments: [segment], problems: reader.problems }
  }
  return { problems: reader.problems }
}

/** Seconds from the start of one segment to that of the next, at most. */
function longestHole(segments: readonly Segment[]): number {
  let longest = 0
  for (const [index, { start }] of segments.entries()) {
    if (index > 0) longest = Math.max(longest, start - segments[index - 1]!.start)
  }
  return longest / 1_000
}

/** Milliseconds by which index and file may disagree on when a segment ends. */
const SLACK = 1_000

/** The segment from which to look: the last that begins at `from` or before, and what may still run beside it. */
function lastBefore(segments: readonly Segment[], from: number): number {
  let index = 0
  while (index < segments.length && segments[index]!.start <= from) index++
  index = Math.max(0, index - 1)
  while (index > 0 && segments[index - 1]!.end > from) index--
  return index
}

/** Reads segments and keeps account of what is wrong with them. */
class SourceReader {
  readonly problems: SourceProblem[] = []
  readonly #options: PlanOptions

  constructor(options: PlanOptions) {
    this.#options = options
  }

  get options(): PlanOptions {
    return this.#options
  }

  async read(segment: Segment): Promise<SourceSegment | undefined> {
    const source = await readSource(segment, this.#options.absolute(segment.path))
    const problem = typeof source === 'string' ? source : source.damage
    const known = this.problems.some(({ path }) => path === segment.path)
    if (problem !== undefined && !known) {
      this.problems.push({ path: segment.path, start: segment.start, end: segment.end, problem })
    }
    return typeof source === 'string' ? undefined : source
  }
}

/** The cuts with which a clip begins, when `source` is the first segment that may have something of the span; none if it has not. */
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
function followingCuts(source: SourceSegment, to: number, previous: Cut | undefined): Cut[] {
  const first = previous && goesOn(previous, source) ? 0 : firstKey(source.lead)
  if (first === undefined) return []
  const cut = cutOf(source, first, to, undefined)
  return cut.count > first ? [cut] : []
}

/** Whether no frame is missing between a cut and a segment, so that a decoder needs no key frame there. */
function goesOn({ source, count }: Cut, next: SourceSegment): boolean {
  const [a, b] = [source.segment, next.segment]
  return (
    a.session === b.session &&
    a.number + 1 === b.number &&
    source.damage === undefined &&
    count === source.lead.count
  )
}

function cutOf(source: SourceSegment, first: number, to: number, shown: number | undefined): Cut {
  const { lead } = source
  if (wallEnd(source) <= to) return { source, first, count: lead.count, before: undefined, shown }
  const before = ticksAt(source, to)
  return { source, first, count: countBefore(lead, before), before, shown }
}
