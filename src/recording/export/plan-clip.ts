import type { Segment } from '../types.ts'
import { shownAt, wallAt, wallEnd } from './choose-samples.ts'
import { ClipBuilder, type ClipOptions, type LaidOut } from './clip-builder.ts'
import { type CutOptions, cutsOf } from './cuts.ts'
import { type Hole, MIN_HOLE } from './layout.ts'
import { adjoins, type SourceProblem, type SourceSegment } from './source-segment.ts'

export type PlanOptions = CutOptions & Pick<ClipOptions, 'keepGaps' | 'audio'>

/** A clip that can be written: nothing but media is still to be read. */
export interface ClipPlan extends LaidOut {
  /** The segments that go into it. */
  readonly sources: readonly UsedSource[]
  readonly problems: readonly SourceProblem[]
}

/** A segment that was laid out, and what tells its file from another. */
interface UsedSource {
  readonly segment: Segment
  /** Absolute. */
  readonly path: string
  /** Of the file. */
  readonly bytes: number
  readonly identity: string
}

/** Segments that are to be copied whole; times and frames are those of all that they hold. */
export type OriginalsPlan = Omit<ClipPlan, 'head' | 'copies'>

/** What a plan found when there is nothing to show. */
export interface EmptyPlan {
  readonly problems: readonly SourceProblem[]
}

/**
 * Reads the headers of the segments of a span and lays out one clip; what goes into it see {@link cutsOf}. Segments that cannot
 * be used, or not whole, are told in `problems` and leave a hole. Throws MixedParametersError, and the signal's reason.
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
  const problems: SourceProblem[] = []
  const sources: UsedSource[] = []
  let builder: ClipBuilder | undefined
  for await (const cut of cutsOf(options, problems)) {
    builder ??= new ClipBuilder(cut, { ...options, longestHole })
    builder.add(cut)
    sources.push(usedSource(cut.source))
  }
  return builder ? { ...builder.finish(), sources, problems } : { problems }
}

/** The key frame by which a decoder gets to what is shown at `from`, as a clip of one picture. Throws the signal's reason. */
export async function planKeyFrame(options: CutOptions): Promise<ClipPlan | EmptyPlan> {
  const problems: SourceProblem[] = []
  for await (const { source, first } of cutsOf(options, problems)) {
    const before = shownAt(source.lead, first) + 1
    const cut = { source, first, count: first + 1, before, shown: first }
    const builder = new ClipBuilder(cut, { keepGaps: false, audio: false, longestHole: 0 })
    builder.add(cut)
    return { ...builder.finish(), sources: [usedSource(source)], problems }
  }
  return { problems }
}

/** The segments that have something of a span, as they are. Throws the signal's reason. */
export async function planOriginals(options: CutOptions): Promise<OriginalsPlan | EmptyPlan> {
  const problems: SourceProblem[] = []
  const sources: UsedSource[] = []
  const holes: Hole[] = []
  let [from, to, duration] = [0, 0, 0]
  let last: SourceSegment | undefined
  for await (const { source } of cutsOf(options, problems)) {
    const begins = wallAt(source, shownAt(source.lead, 0))
    const ends = wallEnd(source)
    if (!last) from = begins
    else if (begins - to > MIN_HOLE && !adjoins(last, source)) holes.push({ start: to, end: begins })
    to = ends
    last = source
    duration += (ends - begins) / 1_000
    sources.push(usedSource(source))
  }
  if (sources.length === 0) return { problems }
  const frames = sources.reduce((sum, { segment }) => sum + segment.frames, 0)
  return { from, to, duration, frames, holes, changes: [], sources, problems }
}

function usedSource({ segment, path, bytes, identity }: SourceSegment): UsedSource {
  return { segment, path, bytes, identity }
}

/** Seconds from the start of one segment to that of the next, at most. */
function longestHole(segments: readonly Segment[]): number {
  let longest = 0
  for (const [index, { start }] of segments.entries()) {
    if (index > 0) longest = Math.max(longest, start - segments[index - 1]!.start)
  }
  return longest / 1_000
}
