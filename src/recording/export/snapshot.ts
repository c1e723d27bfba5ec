import type { Clock } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import { anewWhenChanged } from './anew.ts'
import { decodePicture } from './decode-picture.ts'
import type { ExportContext } from './export-camera.ts'
import { type CameraStream, footageOf } from './find-footage.ts'
import { utc } from './gaps.ts'
import { MIN_HOLE } from './layout.ts'
import { noFootage } from './no-footage.ts'
import { type ClipPlan, type EmptyPlan, planClip, planKeyFrame } from './plan-clip.ts'
import { type WrittenFile, writeClip, writeFile } from './write-clip.ts'

export interface SnapshotRequest extends CameraStream {
  /** Wall-clock milliseconds. */
  readonly at: number
  /** Absolute. With `.mp4` the key frame as it is; else a JPEG. */
  readonly path: string
  readonly force: boolean
}

/** A picture that was written. */
export interface Snapshot extends CameraStream {
  readonly path: string
  readonly bytes: number
  /** `jpeg`: the picture shown at that time. `mp4`: the key frame before it, in a file of one frame. */
  readonly format: 'jpeg' | 'mp4'
  /** Of the picture: RFC 3339, UTC. */
  readonly at: string
  /** A JPEG was asked for and there is no ffmpeg to make one. */
  readonly withoutFfmpeg: boolean
}

/**
 * Writes the picture that was shown at an instant. Throws VMS_E_NO_FOOTAGE, VMS_E_FOOTAGE_DAMAGED, VMS_E_FILE_EXISTS,
 * VMS_E_FILE_WRITE, VMS_E_TIMEOUT, the signal's reason.
 */
export function takeSnapshot(request: SnapshotRequest, context: SnapshotContext): Promise<Snapshot> {
  return anewWhenChanged(() => attempt(request, context))
}

type SnapshotContext = Pick<ExportContext, 'archive' | 'signal' | 'token'> & { readonly clock: Clock }

async function attempt(request: SnapshotRequest, context: SnapshotContext): Promise<Snapshot> {
  const { camera, stream, at, path, force } = request
  const { archive, signal, clock } = context
  // Between two frames there may be the jitter of their arrival.
  const to = at + MIN_HOLE
  const segments = await footageOf(archive, request, at, to, false)
  const options = { segments, absolute: (file: string) => archive.absolute(file), from: at, to, signal }
  const plan = whole(await planClip({ ...options, keepGaps: false, audio: false }), request, archive)
  const writing = (file: string) => ({ path: file, force, token: context.token(), hash: false, signal })
  const written = ({ path, bytes }: WrittenFile, format: Snapshot['format'], from: number, withoutFfmpeg: boolean) => ({
    camera,
    stream,
    path,
    bytes,
    format,
    at: utc(from),
    withoutFfmpeg,
  })
  const asMovie = path.endsWith('.mp4')
  const picture = asMovie ? undefined : await decodePicture(plan, clock, signal)
  if (picture) {
    const file = await writeFile(picture.length, writing(path), sink => sink([picture]))
    return written(file, 'jpeg', plan.from, false)
  }
  const key = whole(await planKeyFrame(options), request, archive)
  const file = asMovie ? path : `${path.replace(/\.(jpe?g|png)$/i, '')}.mp4`
  return written(await writeClip(key, writing(file)), 'mp4', key.from, !asMovie)
}

function whole(plan: ClipPlan | EmptyPlan, request: SnapshotRequest, archive: ExportContext['archive']): ClipPlan {
  if ('head' in plan) return plan
  const [problem] = plan.problems
  if (problem) throw new VmsError('VMS_E_FOOTAGE_DAMAGED', `${problem.path} ${problem.problem}`)
  throw noFootage(archive, request, { from: request.at, to: request.at })
}
