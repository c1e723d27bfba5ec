import { VmsError } from '../../kernel/errors.ts'
import { composeInputs } from '../inputs/compose.ts'
import { type Draft, say } from '../inputs/draft.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { fullestGiven } from '../model/limits.ts'
import { drawNormals } from '../uncertainty/draws.ts'
import { mostWithin } from './search.ts'

/** What can be asked for: how a whole number becomes the setting's text, and the largest number. */
interface Unknown {
  readonly text: (count: number) => string
  readonly to: number
}

const HOURS = 24 * 365 * 100

/** The largest of these that everything given can carry. */
const MOST_OF: Readonly<Record<string, Unknown>> = {
  cameras: { text: String, to: 1_000_000 },
  operators: { text: String, to: 100_000 },
  tiles: { text: String, to: 1_000 },
  retention: { text: hours => `${hours}h`, to: HOURS },
  bitrate: { text: kilobits => `${kilobits}kbps`, to: 10_000_000 },
}

/** The least of these that carries everything. */
const LEAST_OF: Readonly<Record<string, Unknown>> = {
  disks: { text: String, to: 1_000_000 },
  nodes: { text: String, to: 100_000 },
  cores: { text: String, to: 10_000 },
  memory: { text: gigabytes => `${gigabytes}GB`, to: 1_000_000 },
  uplink: { text: megabits => `${megabits}Mbps`, to: 1_000_000_000 },
  nic: { text: megabits => `${megabits}Mbps`, to: 1_000_000_000 },
  cards: { text: String, to: 100_000 },
}

export interface Goal {
  readonly direction: 'max' | 'min'
  readonly key: string
}

export interface Solution {
  readonly key: string
  /** As the setting is written. */
  readonly text: string
  /** The plan with it. */
  readonly request: PlanRequest
  /** False when not even the smallest (largest) number will do; `text` is that one. */
  readonly possible: boolean
  /** It is the largest (smallest) that can be asked for: nothing given limits it. */
  readonly unlimited: boolean
}

/**
 * An inverse question, by search on the same model: the largest or least value of a setting with which every resource that is given
 * (not sized) carries P95. Throws VMS_E_USAGE for a setting that cannot be asked for.
 */
export function solve(draft: Draft, goal: Goal): Solution {
  const { direction, key } = goal
  const table = direction === 'max' ? MOST_OF : LEAST_OF
  const unknown = Object.hasOwn(table, key) ? table[key]! : undefined
  if (unknown === undefined)
    throw new VmsError('VMS_E_USAGE', `--${direction}: "${key.slice(0, 40)}" cannot be asked for`, {
      hint: `The ${direction === 'max' ? 'largest' : 'least'} can be asked of ${Object.keys(table).join(', ')}.`,
    })
  const at = (count: number) => {
    const changed = structuredClone(draft)
    say(changed, key, unknown.text(count), {
      by: 'flag',
      shown: `--${direction} ${key}`,
      source: { text: 'solved for' },
    })
    return composeInputs(changed)
  }
  const known = new Map<number, number>()
  const fullness = (count: number) => {
    if (!known.has(count))
      known.set(
        count,
        fill(() => at(count)),
      )
    return known.get(count)!
  }
  return direction === 'max' ? largest(unknown, key, at, fullness) : least(unknown, key, at, fullness)
}

/** How full the fullest of what is given is, 1 when it is full at P95; a plan that cannot be (RAID-6 of 3 disks) is beyond all bounds. */
function fill(request: () => PlanRequest): number {
  try {
    const { inputs } = request()
    return fullestGiven(inputs, drawNormals(inputs.draws, inputs.seed))
  } catch (error) {
    if (error instanceof VmsError) return Number.POSITIVE_INFINITY
    throw error
  }
}

function largest(
  of: Unknown,
  key: string,
  at: (count: number) => PlanRequest,
  fullness: (count: number) => number,
): Solution {
  // A bit rate or a retention of nothing is no plan; no cameras are.
  const from = key === 'retention' || key === 'bitrate' ? 1 : 0
  const to = key === 'tiles' ? Math.min(of.to, cameras(at(from))) : of.to
  const start = Math.min(to, Math.max(1, Math.min(to, 100)))
  const guess = fullness(start) > 0 ? start / fullness(start) : to
  const count = mostWithin(fullness, 1, { from, to, guess })
  const possible = count > from || fullness(from) <= 1 + 1e-12
  return { key, text: of.text(count), request: at(count), possible, unlimited: count === to }
}

function least(
  of: Unknown,
  key: string,
  at: (count: number) => PlanRequest,
  fullness: (count: number) => number,
): Solution {
  const from = smallest(key, at)
  // Counted down from the largest, the need never falls.
  const start = Math.max(from, 10)
  const guess = of.to - Math.max(from, Math.ceil(start * fullness(start)))
  const count = of.to - mostWithin(down => fullness(of.to - down), 1, { from: 0, to: of.to - from, guess })
  const possible = count < of.to || fullness(of.to) <= 1 + 1e-12
  return { key, text: of.text(count), request: at(count), possible, unlimited: count === from }
}

/** The least number with which a plan can be composed at all: groups of disks, and spare nodes, ask for some. */
function smallest(key: string, at: (count: number) => PlanRequest): number {
  const candidates = key === 'disks' ? [0] : Array.from({ length: 1_001 }, (_, i) => i)
  for (const count of candidates)
    try {
      at(count)
      return count
    } catch (error) {
      if (!(error instanceof VmsError)) throw error
    }
  return 1
}

function cameras({ inputs }: PlanRequest): number {
  return inputs.cameras.reduce((sum, kind) => sum + kind.count, 0)
}
