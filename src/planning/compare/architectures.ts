import { suggest } from '../../config/suggest.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { Architecture } from './types.ts'

/** Cameras of one edge node in the owner's document (S5): 200 in 5 zones. */
export const CAMERAS_OF_A_ZONE = 40

export const ARCHITECTURES: readonly Architecture[] = [
  {
    id: 'naive',
    name: 'naive dual-stream',
    idea: 'Main streams are recorded and the sub-streams of all cameras run, watched or not.',
    givesUp: 'Nothing but money: every picture is there at once, and most of them for nobody.',
    alwaysOn: true,
  },
  {
    id: 'on-demand',
    name: 'on demand',
    idea: 'A sub-stream runs only while somebody watches it, and lingers after the last viewer.',
    givesUp: 'The first viewer of a camera waits for its stream to start, up to one interval of key frames.',
  },
  {
    id: 'on-demand-hardware',
    name: 'on demand + hardware',
    idea: 'Transcodes run on a card instead of the processor.',
    givesUp:
      'A card and its driver to look after, and its limit of sessions; nothing is saved where cameras have a sub-stream that viewers can show.',
    hardware: true,
  },
  {
    id: 'shared-relay',
    name: 'shared relay',
    idea: 'A relay near the viewers takes each stream once and serves all who watch it.',
    givesUp: 'One more program in the way of every picture; all viewers of a camera get the same rendition.',
    hardware: true,
    sharedDelivery: true,
  },
  {
    id: 'adaptive',
    name: 'adaptive',
    idea: 'Streams to viewers shrink where the scene is still or the network is narrow.',
    givesUp: 'Detail in what moves suddenly, and a transcode for each stream that is made smaller.',
    hardware: true,
    sharedDelivery: true,
    adaptive: true,
  },
  {
    id: 'edge',
    name: 'edge',
    idea: 'Nodes in the zones record; only what is watched crosses the uplink.',
    givesUp:
      'Machines in many places, and footage that is not at the centre until it is fetched: a stolen node takes it along.',
    hardware: true,
    sharedDelivery: true,
    adaptive: true,
    edge: true,
  },
]

/** The architectures of those names in the order of the list; all when none is named. Throws VMS_E_USAGE with the nearest name. */
export function findArchitectures(names: readonly string[]): readonly Architecture[] {
  const known = ARCHITECTURES.map(({ id }) => id)
  for (const name of names)
    if (!known.some(id => id === name)) {
      const nearest = suggest(name, known)
      throw new VmsError('VMS_E_USAGE', `"${name.slice(0, 40)}" is not an architecture`, {
        hint: `${nearest === undefined ? '' : `did you mean "${nearest}"? `}They are ${known.join(', ')}.`,
      })
    }
  return names.length === 0 ? ARCHITECTURES : ARCHITECTURES.filter(({ id }) => names.includes(id))
}
