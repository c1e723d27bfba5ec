import { VmsError } from '../../kernel/errors.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { formatDuration } from '../../kernel/units.ts'
import type { StreamRole } from '../../media/frame.ts'
import type { Archive } from '../archive.ts'
import { STILL_OPEN } from '../open-segments.ts'
import type { Segment } from '../types.ts'

/** What finding footage takes of the archive. */
export type Footage = Pick<Archive, 'config' | 'segments' | 'allSegments' | 'absolute' | 'coverage'>

/** A stream of a camera. */
export interface CameraStream {
  readonly camera: string
  readonly stream: StreamRole
}

/**
 * How far before a span its first key frame may lie: a segment has an hour at most, and one that gets no key frame is cut at four times
 * its length. Milliseconds.
 */
const LOOK_BACK = 5 * 3_600_000

/**
 * The segments of a span in order of start, and those before it in which its first key frame may be. The one that is being written is among
 * them. Where only `closed` ones will do, VMS_E_FOOTAGE_OPEN is thrown for it.
 */
export async function footageOf(
  archive: Footage,
  { camera, stream }: CameraStream,
  from: number,
  to: number,
  closed: boolean,
): Promise<Segment[]> {
  const span = { start: from - LOOK_BACK, end: to }
  const found = stream === 'sub' ? archive.segments(camera, span, stream) : await archive.allSegments(camera, span)
  const open = closed ? found.find(({ ended, end }) => ended === STILL_OPEN && end > from) : undefined
  if (open) throw stillOpen(archive, open)
  return [...found].sort((a, b) => a.start - b.start)
}

function stillOpen({ config }: Footage, { camera, start }: Segment): VmsError {
  const begin = formatInstant(Math.floor(start), config.site.timezone)
  return new VmsError('VMS_E_FOOTAGE_OPEN', `the footage of ${camera} from ${begin} on is still being written`, {
    hint: `Say --to ${begin}, or wait until its segment is closed (${formatDuration(config.storage.segment)} at most, as a rule).`,
  })
}
