import { VmsError } from '../../kernel/errors.ts'
import { formatInstant } from '../../kernel/instant.ts'

import type { CameraStream, Footage } from './find-footage.ts'

/** How far is looked for the nearest footage, step by step. Milliseconds. */
const DISTANCES = [3_600_000, 86_400_000, 30 * 86_400_000, Number.POSITIVE_INFINITY]

/** VMS_E_NO_FOOTAGE for a span, with the nearest footage before and behind it. */
export function noFootage(
  archive: Footage,
  { camera, stream }: CameraStream,
  span: { readonly from: number; readonly to: number },
): VmsError {
  const show = (wall: number) => formatInstant(wall, archive.config.site.timezone)
  const before = nearest(distance =>
    archive.segments(camera, { start: span.from - distance, end: span.from }, stream).at(-1),
  )
  const after = nearest(distance => archive.segments(camera, { start: span.to, end: span.to + distance }, stream)[0])
  const places = [
    ...(before ? [`before it ends at ${show(Math.min(before.end, span.from))}`] : []),
    ...(after ? [`behind it begins at ${show(Math.max(after.start, span.to))}`] : []),
  ]
  return new VmsError(
    'VMS_E_NO_FOOTAGE',
    `no footage of ${camera} (${stream}) from ${show(span.from)} to ${show(span.to)}`,
    {
      hint: places.length > 0 ? `The nearest footage ${places.join(', and ')}.` : 'The archive has nothing else of it.',
      details: { camera, stream, before: before?.end ?? null, after: after?.start ?? null },
    },
  )
}

function nearest<T>(look: (distance: number) => T | undefined): T | undefined {
  for (const distance of DISTANCES) {
    const found = look(distance === Number.POSITIVE_INFINITY ? Number.MAX_SAFE_INTEGER / 2 : distance)
    if (found !== undefined) return found
  }
  return undefined
}
