import { VmsError } from '../../kernel/errors.ts'
import { formatSize } from '../../kernel/units.ts'
import { diskGroups } from '../storage/disk-groups.ts'
import { dataDisks } from '../storage/raid.ts'
import { MOST_CAMERAS } from './camera-settings.ts'
import type { PlanInputs } from './types.ts'

/** Cameras of all kinds. */
export function cameraCount(inputs: PlanInputs): number {
  return inputs.cameras.reduce((sum, kind) => sum + kind.count, 0)
}

/** What only several settings together can be wrong in. `shown` names the place of a setting. Throws VMS_E_USAGE. */
export function checkInputs(inputs: PlanInputs, shown: (key: string) => string): void {
  const cameras = cameraCount(inputs)
  if (cameras > MOST_CAMERAS)
    throw wrong('--cameras', `${cameras} cameras are more than ${MOST_CAMERAS}`, 'Divide the site into several plans.')
  const { viewers, storage, nodes, encoder, work } = inputs
  if (viewers.model === 'wall') {
    for (const key of ['tiles', 'full'] as const)
      if (viewers[key] > cameras)
        throw wrong(
          shown(key),
          `${viewers[key]} different pictures are more than the ${cameras} ${cameras === 1 ? 'camera' : 'cameras'}`,
          `At most ${cameras}.`,
        )
  }
  const explain = (key: string, check: () => void) => {
    try {
      check()
    } catch (error) {
      if (!(error instanceof VmsError)) throw error
      throw wrong(shown(key), error.message, error.hint ?? 'Take more disks (--disks, --raid-group) or another --raid.')
    }
  }
  if (storage.disks === null) explain('raid-group', () => void dataDisks(storage.raid, storage.group))
  else explain('disks', () => void diskGroups({ ...storage, disks: storage.disks! }))
  if (nodes.memory <= work.baseMemory)
    throw wrong(
      shown('memory'),
      `a node of ${formatSize(nodes.memory)} has no room beside the ${formatSize(work.baseMemory)} that it takes itself`,
      'Say more --memory, or less --base-memory.',
    )
  if (nodes.nodes !== null && nodes.spare >= nodes.nodes)
    throw wrong(
      shown('spare-nodes'),
      `${nodes.spare} spare of ${nodes.nodes} ${nodes.nodes === 1 ? 'node leaves' : 'nodes leave'} none to work`,
      `Say --spare-nodes ${nodes.nodes - 1}, or take more nodes.`,
    )
  if (work.transcode > 0 && encoder.accelerator !== 'none' && !(encoder.encodes > 0 && encoder.decodes > 0))
    throw wrong(
      shown('card-encodes'),
      'a card that encodes or decodes nothing cannot transcode',
      'Say --accelerator none.',
    )
}

function wrong(place: string, message: string, hint: string): VmsError {
  return new VmsError('VMS_E_USAGE', `${place}: ${message}`, { hint })
}
