import { capitalMonthly } from '../cost/capital.ts'
import { deliveryCost } from '../cost/delivery.ts'
import { energyCost, energyKilowattHours } from '../cost/energy.ts'
import { bitRate, count, days, hours, number, share } from './common-inputs.ts'
import { formula, type PriceInput, type QuantityInput } from './formula.ts'
import { HOURS, POWER, SIZE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const power: QuantityInput = { ...number('electric power', 1_295, { max: 1e9 }), kind: POWER, unit: 'W' }
const allHours: QuantityInput = { ...hours('hours', 730, { max: 1e6 }), kind: HOURS }
const price = (each: string, amount: number, source: PriceInput['source']): PriceInput => ({
  type: 'price',
  meaning: `price of a ${each}`,
  each,
  default: { amount, currency: 'USD' },
  grade: 'secondary',
  source,
})
const cost = { cost: { meaning: 'cost', unit: 'money' } } as const

export const COST = [
  formula({
    id: 'cost.energy',
    title: 'Electricity',
    expression: 'power / 1000 x pue x hours x price',
    words: 'What the machines draw, with cooling on top (PUE), for so many hours; a month is 730, a year 8760.',
    inputs: {
      power,
      pue: number('with cooling and conversion, for each watt', 1.4, { min: 1, max: 10 }),
      hours: allHours,
      price: price('kWh', 0.146, SOURCES.electricity),
    },
    results: { ...cost, energy: { meaning: 'energy', unit: 'kWh' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { power: '1295W', pue: '1.4', hours: '730', price: '0.146USD' },
    evaluate: values => ({
      cost: energyCost({ ...values, price: values.price.amount }),
      energy: energyKilowattHours(values),
    }),
  }),
  formula({
    id: 'cost.cdn',
    title: 'Delivery by a content network',
    expression: 'viewers x bitrate / 8 x 3600 x hours x days / 10^9 x price',
    words: 'Every viewer is served a stream of their own; networks count gigabytes of 10^9 bytes.',
    inputs: {
      viewers: count('viewers', 60),
      bitrate: bitRate('bit rate of a viewer', 2, { source: SOURCES.owner }),
      hours: hours('hours a day', 4),
      days: days('days', 22),
      price: price('GB', 0.085, SOURCES.cloudFront),
    },
    results: { ...cost, volume: { meaning: 'delivered', unit: 'GB', kind: SIZE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { viewers: '60', bitrate: '2Mbps', hours: '4', days: '22', price: '0.085USD' },
    evaluate: values => {
      const of = deliveryCost({ ...values, price: values.price.amount })
      return { cost: of.cost, volume: of.bytes }
    },
  }),
  formula({
    id: 'cost.capital',
    title: 'A purchase by the month',
    expression: 'interest = 0: amount / months; else amount x r / (1 - (1 + r)^-months), r = interest / 12',
    words: 'Equal parts at the end of each month that pay the purchase and its interest.',
    inputs: {
      amount: {
        type: 'price',
        meaning: 'what is bought',
        default: { amount: 30_000, currency: 'USD' },
        grade: 'assumption',
        source: SOURCES.judgement,
      },
      months: count('months', 60, { min: 1, max: 1_200 }),
      interest: share('interest a year', 0),
    },
    results: { monthly: { meaning: 'a month', unit: 'money' }, all: { meaning: 'over all months', unit: 'money' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { amount: '30000USD', months: '60', interest: '0%' },
    evaluate: ({ amount, months, interest }) => {
      const monthly = capitalMonthly({ amount: amount.amount, months, interest })
      return { monthly, all: monthly * months }
    },
  }),
]
