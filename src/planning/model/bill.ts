import { energyCost, energyKilowattHours } from '../cost/energy.ts'
import type { Grade } from '../grade.ts'
import type { PlanInputs, PlanRequest, Spread } from '../inputs/types.ts'
import type { Factor, Normals } from '../uncertainty/draws.ts'
import { summarise } from '../uncertainty/quantiles.ts'
import { spreadAt } from '../uncertainty/spread.ts'
import { YEAR_HOURS } from './sizing.ts'
import type { Bill, BillLine, DiskPlan, EncoderPlan, NodePlan } from './types.ts'

const TB = 1e12

/** What is to be bought and run. */
export interface Hardware {
  readonly disks: DiskPlan
  readonly nodes: NodePlan
  readonly encoder: EncoderPlan
  /** Cameras, which take power but are not bought here. */
  readonly cameras: number
}

/** Watts by part, cooling and conversion included where machines stand in a room. */
export function powerOf(
  { power }: PlanInputs,
  { disks, nodes, encoder, cameras }: Hardware,
): { name: string; watts: number }[] {
  return [
    { name: 'nodes', watts: nodes.nodes * power.node * power.pue },
    { name: 'disks', watts: disks.disks * power.disk * power.pue },
    { name: 'cards', watts: encoder.cards * power.card * power.pue },
    { name: 'cameras', watts: cameras * power.camera },
  ]
}

/** Amounts in every draw, in the currency of the plan. */
export interface Costs {
  readonly once: Float64Array
  readonly yearly: Float64Array
  readonly total: Float64Array
}

/** Cost of what was sized, in every draw of the prices. What has no price is left out, and named in the bill. */
export function costsOf(inputs: PlanInputs, hardware: Hardware, normals: Normals): Costs {
  const { disk, energy, node, card, years } = inputs.prices
  const fixed = hardware.nodes.nodes * (node ?? 0) + hardware.encoder.cards * (card ?? 0)
  const terabytes = diskTerabytes(hardware.disks)
  const watts = totalWatts(inputs, hardware)
  const disks = prices(disk, normals, 'diskPrice')
  const once = disks.map(price => fixed + terabytes * price)
  const yearly = prices(energy, normals, 'energyPrice').map(price =>
    energyCost({ power: watts, pue: 1, hours: YEAR_HOURS, price }),
  )
  return { once, yearly, total: once.map((amount, i) => amount + years * yearly[i]!) }
}

/** The bill line by line. */
export function billOf({ inputs, origins }: PlanRequest, hardware: Hardware, normals: Normals): Bill {
  const { currency, date, years, disk, node, card, energy } = inputs.prices
  const { disks, nodes, encoder } = hardware
  const said = (key: string): Pick<BillLine, 'grade' | 'source'> => {
    const origin = origins[key]
    return { grade: (origin?.grade ?? 'derived') as Grade, source: origin?.source.text ?? '' }
  }
  const fixed = (price: number | null, quantity: number) => {
    const amount = price === null ? null : price * quantity
    return { quantity, price, p50: amount, p95: amount }
  }
  const kilowattHours = energyKilowattHours({ power: totalWatts(inputs, hardware), pue: 1, hours: YEAR_HOURS })
  const drawn = (spread: Spread, quantity: number, factor: Factor) => {
    const { p50, p95 } = summarise(prices(spread, normals, factor))
    return { quantity, price: spread.p50, p50: quantity * p50, p95: quantity * p95 }
  }
  const lines: BillLine[] = [
    {
      name: 'disks',
      unit: 'TB',
      when: 'once',
      ...drawn(disk, diskTerabytes(disks), 'diskPrice'),
      ...said('price-disk'),
    },
    { name: 'nodes', unit: 'piece', when: 'once', ...fixed(node, nodes.nodes), ...said('price-node') },
    { name: 'cards', unit: 'piece', when: 'once', ...fixed(card, encoder.cards), ...said('price-card') },
    {
      name: 'energy',
      unit: 'kWh a year',
      when: 'yearly',
      ...drawn(energy, kilowattHours, 'energyPrice'),
      ...said('price-energy'),
    },
  ]
  const kept = lines.filter(line => line.quantity > 0)
  const missing = kept.filter(line => line.price === null).map(line => line.name)
  return { currency, date, years, lines: kept, missing }
}

function diskTerabytes({ disks, size }: DiskPlan): number {
  return (disks * size) / TB
}

function totalWatts(inputs: PlanInputs, hardware: Hardware): number {
  return powerOf(inputs, hardware).reduce((sum, { watts }) => sum + watts, 0)
}

function prices(spread: Spread, normals: Normals, factor: Factor): Float64Array {
  return normals.of[factor].map(normal => spreadAt(spread, normal))
}
