import { suggest } from '../config/index.ts'
import type { CameraConfig } from '../config/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { RecordRequest } from './types.ts'

/**
 * The ids that a request names: cameras, a group, or all. Throws VMS_E_CAMERA_NOT_FOUND for the first that is unknown, with
 * the nearest name, and VMS_E_USAGE when it names none or in two ways.
 */
export function selectCameras(
  cameras: readonly Pick<CameraConfig, 'id' | 'group'>[],
  request: RecordRequest,
): string[] {
  const { cameras: named = [], group, all = false } = request
  const ways = Number(named.length > 0) + Number(group !== undefined) + Number(all)
  if (ways !== 1)
    throw new VmsError('VMS_E_USAGE', ways === 0 ? 'no camera named' : 'cameras, a group and all exclude each other', {
      hint: 'Name cameras, --group G, or --all.',
    })
  if (all) return cameras.map(camera => camera.id)
  if (group !== undefined) {
    const members = cameras.filter(camera => camera.group === group).map(camera => camera.id)
    if (members.length > 0) return members
    const groups = [...new Set(cameras.flatMap(camera => camera.group ?? []))]
    throw notFound('group', group, groups)
  }
  const known = new Set(cameras.map(camera => camera.id))
  for (const id of named) if (!known.has(id)) throw notFound('camera', id, [...known])
  return [...new Set(named)]
}

function notFound(what: string, name: string, known: readonly string[]): VmsError {
  const nearest = suggest(name, known)
  const hint = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
  return new VmsError(
    'VMS_E_CAMERA_NOT_FOUND',
    `no ${what} "${name.slice(0, 64)}" is configured`,
    hint === undefined ? {} : { hint },
  )
}
