import {
  fragmentedHead,
  fragmentHeader,
  type MovieTrack,
  type Mp4Run,
  RunSamples,
  SampleTable,
} from '../../wire/mp4/index.ts'
import { shownAt, wallAt } from './choose-samples.ts'
import { openSource, SourceChangedError } from './copy-media.ts'
import { type CutOptions, cutsOf } from './cuts.ts'
import { readInto } from './file-io.ts'
import { type CameraStream, type Footage, footageOf } from './find-footage.ts'
import { type Cut, type LaidCut, type LaidTrack, Layout } from './layout.ts'
import { noFootage } from './no-footage.ts'
import { contiguousChunks, type SourceChunk } from './output-track.ts'
import type { SourceProblem, SourceTrack } from './source-segment.ts'

export interface PlaybackRequest extends CameraStream {
  /** Wall-clock milliseconds. */
  readonly from: number
  readonly to: number
  /** Gaps keep their time; else what is behind them moves up. */
  readonly keepGaps: boolean
  readonly audio: boolean
}

/** Why a playback ended. */
export type PlaybackEnd =
  /** All of the span was given. */
  | { readonly reason: 'end' }
  /** Codec parameters change at `at` (wall-clock milliseconds): another playback goes on from there. */
  | { readonly reason: 'parameters'; readonly at: number }

export interface Playback {
  /** Wall-clock milliseconds of time 0 of the stream: of the key frame at or before the asked time. */
  readonly from: number
  /**
   * One fragmented MP4: what stands before the fragments, then a fragment of about a second at a time. No more than one is in memory.
   * Rejects with the signal's reason.
   */
  readonly bytes: AsyncGenerator<Buffer, PlaybackEnd>
}

/**
 * Plays a span of a camera as one fragmented MP4 with times that run on over all segments. It begins with the key frame before
 * `from`, for what a browser shows begins with one. Segments that are gone or damaged are gaps. It ends cleanly where codec parameters
 * change: players of one stream take no second description. (ffmpeg skips it, and decodes with the first.) A gap that
 * is kept is a jump in the times; a player with Media Source Extensions must seek over it.
 * Throws VMS_E_NO_FOOTAGE, and the signal's reason.
 */
export async function openPlayback(
  archive: Footage,
  request: PlaybackRequest,
  signal?: AbortSignal,
): Promise<Playback> {
  const segments = await footageOf(archive, request, request.from, request.to, false)
  const options: CutOptions = { ...request, segments, absolute: path => archive.absolute(path), signal }
  const problems: SourceProblem[] = []
  const cuts = cutsOf(options, problems)
  const { value: first, done } = await cuts.next()
  if (done) throw noFootage(archive, request, request)
  const from = wallAt(first.source, shownAt(first.source.lead, first.first))
  return { from, bytes: play(first, cuts, request, signal) }
}

/** Samples and bytes of a track in a fragment at most; a source's fragment that has more becomes several. */
const MAX_RUN = { samples: 2_000, bytes: 8 * 1024 * 1024 }

async function* play(
  first: Cut,
  rest: AsyncGenerator<Cut, void>,
  { keepGaps, audio }: PlaybackRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, PlaybackEnd> {
  const opened = openedTracks(first, audio)
  const layout = new Layout(first, {
    keepGaps,
    audio,
    timescale: (track, index = -1) => opened[index + 1]?.timescale ?? track.timescale,
  })
  const begins = leadIn(first)
  yield head(first, opened, begins)
  let sequence = 0
  for await (const cut of following(first, rest)) {
    const { source } = cut
    if (!sameTracks(opened, [source.lead, ...(audio ? source.audio : [])])) {
      return { reason: 'parameters', at: wallAt(source, shownAt(source.lead, cut.first)) }
    }
    for (const chunks of fragmentsOf(layout.lay(cut), opened, begins)) {
      signal?.throwIfAborted()
      const fragment = await readFragment(++sequence, chunks, opened, cut)
      // Retention has taken the segment: the rest of it is a gap.
      if (!fragment) break
      yield fragment
    }
  }
  return { reason: 'end' }
}

async function* following(first: Cut, rest: AsyncGenerator<Cut, void>): AsyncGenerator<Cut, void> {
  yield first
  yield* rest
}

/** The tracks that the stream has from its beginning to its end. */
function openedTracks({ source }: Cut, audio: boolean): readonly SourceTrack[] {
  return [source.lead, ...(audio ? source.audio : [])]
}

/** Whether tracks are described as those that were opened. Sound that comes only now is left out, sound that ends is missing. */
function sameTracks(opened: readonly SourceTrack[], tracks: readonly SourceTrack[]): boolean {
  return opened.every((track, index) => tracks[index] === undefined || tracks[index].entry.equals(track.entry))
}

/** Seconds from the decoding of the first key frame, which is time 0 of the fragments, to its presentation. */
function leadIn({ source: { lead }, first }: Cut): number {
  return (shownAt(lead, first) - lead.times[first]!) / lead.timescale
}

/** What stands before the fragments: presentation begins with the first key frame, in all tracks. */
function head({ source, first }: Cut, opened: readonly SourceTrack[], begins: number): Buffer {
  const { lead, quickTime } = source
  const tracks = opened.map(
    ({ timescale, handler, entry, width, height }, index): MovieTrack => ({
      id: index + 1,
      timescale,
      handler: handler === 'vide' ? 'vide' : 'soun',
      entries: [entry],
      width,
      height,
      samples: new SampleTable(),
      duration: 0,
      edits: [{ duration: 0, mediaTime: Math.round(begins * timescale) }],
    }),
  )
  return fragmentedHead({ timescale: lead.timescale, created: wallAt(source, shownAt(lead, first)), tracks, quickTime })
}

/** A chunk of a source, with the track of the stream that it belongs to. */
interface LaidChunk extends SourceChunk {
  readonly index: number
  readonly shift: number
}

/** The chunks of a cut in the order of the file, in groups that have each track once. */
function* fragmentsOf(
  { lead, audio }: LaidCut,
  opened: readonly SourceTrack[],
  begins: number,
): Generator<LaidChunk[]> {
  const chunks = [lead, ...audio]
    .slice(0, opened.length)
    .flatMap((laid, index) => laidChunks(laid, index, opened[index]!.timescale, begins))
  chunks.sort((a, b) => a.offset - b.offset)
  let group: LaidChunk[] = []
  for (const chunk of chunks) {
    if (group.some(({ index }) => index === chunk.index)) {
      yield group
      group = []
    }
    group.push(chunk)
  }
  if (group.length > 0) yield group
}

function laidChunks(laid: LaidTrack, index: number, timescale: number, begins: number): LaidChunk[] {
  const { track, to, shift } = laid
  let { from } = laid
  // Sound from before the first picture would make players begin with it.
  const early = (sample: number) =>
    (track.times[sample]! * timescale) / track.timescale + shift < begins * timescale - 1
  while (index > 0 && from < to && early(from)) from++
  return contiguousChunks(track, from, to, MAX_RUN).map(chunk => ({ ...chunk, index, shift }))
}

/** One whole fragment, read; undefined when the file is gone or another. */
async function readFragment(
  sequence: number,
  chunks: readonly LaidChunk[],
  opened: readonly SourceTrack[],
  { source }: Cut,
): Promise<Buffer | undefined> {
  const header = fragmentHeader(
    sequence,
    chunks.map(chunk => runOf(chunk, opened[chunk.index]!.timescale)),
  )
  const media = chunks.reduce((sum, { bytes }) => sum + bytes, 0)
  const fragment = Buffer.allocUnsafeSlow(header.length + media)
  header.copy(fragment)
  let at = header.length
  try {
    await using file = await openSource(source)
    for (const { offset, bytes } of chunks) {
      if ((await readInto(file, fragment.subarray(at, at + bytes), offset)) < bytes) return undefined
      at += bytes
    }
  } catch (error) {
    if (error instanceof SourceChangedError) return undefined
    throw error
  }
  return fragment
}

function runOf({ track, from, to, index, shift }: LaidChunk, timescale: number): Mp4Run {
  const ratio = timescale / track.timescale
  const samples = new RunSamples()
  for (let sample = from; sample < to; sample++)
    samples.add(
      track.sizes[sample]!,
      Math.round(track.durations[sample]! * ratio),
      Math.round(track.compositionOffsets[sample]! * ratio),
      track.keys[sample] === 1,
    )
  return { trackId: index + 1, decodeTime: Math.round(track.times[from]! * ratio) + shift, samples }
}
