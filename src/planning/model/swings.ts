import { FACTORS, type Factor } from '../uncertainty/draws.ts'
import type { Swing } from './types.ts'

/** The setting behind each factor, and what a person calls it. */
const NAMES: Readonly<Record<Factor, { key: string; name: string }>> = {
  common: { key: 'bitrate', name: 'bit rates, all cameras at once' },
  night: { key: 'night-factor', name: 'how much streams grow at night' },
  watched: { key: 'operators', name: 'who watches what' },
  each: { key: 'bitrate', name: 'bit rates, camera by camera' },
  smart: { key: 'smart-day', name: 'what smart codecs save' },
  recordCpu: { key: 'record-cpu', name: 'CPU of recording' },
  relayCpu: { key: 'relay-cpu', name: 'CPU of a viewer' },
  transcodeCpu: { key: 'transcode-cpu', name: 'CPU of a transcode' },
  diskPrice: { key: 'price-disk', name: 'price of disk' },
  energyPrice: { key: 'price-energy', name: 'price of energy' },
  eachSub: { key: 'sub-bitrate', name: 'bit rates of sub-streams' },
}

/** Factors that are told of each figure. */
const TOLD = 3

/** The factors that spread a figure most, from its values with each alone at P10 and P90 (`swingNormals`). */
export function widestSwings(values: Float64Array): Swing[] {
  const swings = FACTORS.map((factor, i) => ({ ...NAMES[factor], low: values[2 * i]!, high: values[2 * i + 1]! }))
  return swings
    .filter(({ low, high }) => low !== high)
    .sort((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low))
    .slice(0, TOLD)
}
