import type { StreamRole } from '../frame.ts'

/** A stream of the gateway: `/<camera>/main` or `/<camera>/sub`. */
export interface StreamPath {
  readonly camera: string
  readonly stream: StreamRole
}

/** Camera and stream of a request's path, with any `/trackID=n` behind it passed over; undefined for other paths. */
export function parseStreamPath(path: string): StreamPath | undefined {
  const [, camera, stream] = path.split('/', 3)
  if (camera === undefined || camera === '') return undefined
  return stream === 'main' || stream === 'sub' ? { camera, stream } : undefined
}

/** The camera that a path names, even where the rest of it is wrong: it decides which worker answers. */
export function cameraOfPath(path: string): string {
  return path.split('/', 2)[1] ?? ''
}
