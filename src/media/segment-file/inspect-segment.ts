import type { ReadInit, SegmentEnd, SegmentMark } from '../../wire/mp4/index.ts'
import type { Codec, CodecParameters } from '../../wire/track.ts'
import { SegmentFile } from './open-segment.ts'
import { type Survey, survey } from './survey.ts'

/** One track of a segment on disk. */
interface SegmentTrack {
  readonly id: number
  readonly codec: Codec
  /** Four characters of the sample entry: avc1, mp4a. */
  readonly sampleEntry: string
  readonly parameters: CodecParameters | undefined
  readonly timescale: number
  /** Pixels; 0 for audio. */
  readonly width: number
  readonly height: number
}

/** What a segment says at its beginning. Cheap: a few kilobytes are read. */
export interface SegmentHeader {
  /** Bytes of the file. */
  readonly size: number
  /** Undefined when vmsctl's recorder did not write the file. */
  readonly mark: SegmentMark | undefined
  /** Undefined until the recorder has closed the file, or a repair has. */
  readonly end: SegmentEnd | undefined
  readonly tracks: readonly SegmentTrack[]
  /** Id of the leading track: video, else the first. */
  readonly lead: number
}

/** What a look at all fragments of a segment shows. */
export interface SegmentInspection extends SegmentHeader {
  /** Whole fragments. */
  readonly fragments: number
  /** Of the leading track, in ticks of `timescale`. */
  readonly duration: number
  /** Ticks a second of `duration`; that of the mark as well. */
  readonly timescale: number
  /** Samples and key frames of the leading track. */
  readonly frames: number
  readonly keyFrames: number
  /** Bytes of samples of the leading track. */
  readonly frameBytes: number
  /** Samples by track id. */
  readonly samples: ReadonlyMap<number, number>
  /** Places where a fragment of the leading track does not begin where the one before ended. */
  readonly gaps: number
  /** Everything behind this offset is no whole fragment. */
  readonly lastWholeFragmentEnd: number
  /** How the fragments end: with the file, in the middle of one, or before bytes that are none. */
  readonly tail: 'whole' | 'truncated' | 'damaged'
  /** The file was closed, and all that was recorded is in it. */
  readonly complete: boolean
}

/**
 * Reads the beginning of a segment: enough to rebuild an index from closed files. Undefined for a file that is no segment.
 * Throws system errors (ENOENT, EIO).
 */
export async function readSegmentHeader(path: string): Promise<SegmentHeader | undefined> {
  await using file = await SegmentFile.open(path)
  return file && headerOf(file.init, file.size)
}

/**
 * Looks at every fragment of a segment, by its headers: the media are not read. Undefined for a file that is no segment.
 * Throws system errors.
 */
export async function inspectSegment(path: string): Promise<SegmentInspection | undefined> {
  await using file = await SegmentFile.open(path)
  return file && inspectionOf(file.init, file.size, await survey(file))
}

function headerOf({ tracks, mark, end, lead }: ReadInit, size: number): SegmentHeader {
  const described = tracks.map(({ id, codec, type, parameters, timescale, width, height }) => ({
    id,
    codec,
    sampleEntry: type,
    parameters,
    timescale,
    width,
    height,
  }))
  return { size, mark, end, tracks: described, lead }
}

export function inspectionOf(init: ReadInit, size: number, survey: Survey): SegmentInspection {
  const { index, end, fragments, keyFrames, leadBytes, gaps } = survey
  const frames = index.lead?.samples ?? 0
  return {
    ...headerOf(init, size),
    fragments,
    duration: index.durations().get(init.lead) ?? 0,
    timescale: index.lead?.timescale ?? 1,
    frames,
    keyFrames,
    frameBytes: leadBytes,
    samples: new Map(index.tracks.map(({ id, samples }) => [id, samples])),
    gaps,
    lastWholeFragmentEnd: end.at,
    tail: end.type,
    complete: init.end !== undefined && init.end.frames === frames && end.type === 'whole',
  }
}
