import type { Money } from '../../kernel/money.ts'
import { type Accelerator, cardOf } from './accelerators.ts'
import { moneySpread, rates } from './price-types.ts'
import { assumed, known, type Setting } from './setting.ts'
import { currencyCode, day, integer, money, number, orWord } from './value-type.ts'

const GROUP = 'PRICES'
/** The first design of the system: 300 dollars for each core saved. */
const CORE = 300
const MEMORY_GB = 18.8

export const PRICE_SETTINGS: readonly Setting[] = [
  {
    key: 'currency',
    name: 'currency',
    group: GROUP,
    help: 'of the bill',
    type: currencyCode,
    path: 'prices.currency',
    standard: assumed('USD', 'most published prices are in it'),
  },
  {
    key: 'rate',
    name: 'exchange rates',
    group: GROUP,
    help: 'dollars for one of a currency, as EUR=1.1,GBP=1.3',
    type: rates,
    path: 'prices.rates',
    standard: assumed({ EUR: 1.1 }, 'about; ask your bank'),
  },
  {
    key: 'price-date',
    name: 'day of the prices',
    group: GROUP,
    help: 'the day for which prices are said to hold',
    type: day,
    path: 'prices.date',
    standard: assumed('2026-11-23', 'when the default prices were looked up; each has a date of its own'),
  },
  {
    key: 'years',
    name: 'years of the bill',
    group: GROUP,
    help: 'years that the bill covers',
    type: number({ min: 0, max: 50, above: true }),
    path: 'prices.years',
    standard: assumed(5, 'the life of a server'),
  },
  {
    key: 'price-disk',
    name: 'price of disk',
    group: GROUP,
    help: 'for one TB, as 20EUR or 16EUR,20EUR,32EUR',
    type: moneySpread,
    path: 'prices.disk',
    standard: known(
      'secondary',
      { currency: 'EUR', p10: 16, p50: 20, p90: 32 },
      'few models under 18, most over 20 euros; 20 % less to 60 % more, for forecasts have been wrong by half',
      'https://www.archyde.com/mediamarkt-hdd-deal-save-big-on-hard-drives',
      '2026',
    ),
  },
  {
    key: 'price-node',
    name: 'price of a node',
    group: GROUP,
    help: 'without disks and cards; none leaves it out of the bill',
    type: orWord('none', money),
    path: 'prices.node',
    standard: get => {
      const amount = (get('cores') as number) * CORE + ((get('memory') as number) / 1e9) * MEMORY_GB
      const source = `${CORE} dollars a core, as the first design of this system, and ${MEMORY_GB} for a GB of memory (2026)`
      return assumed({ amount: Math.round(amount), currency: 'USD' } satisfies Money, source)
    },
  },
  {
    key: 'price-card',
    name: 'price of a card',
    group: GROUP,
    help: 'none leaves it out of the bill',
    type: orWord('none', money),
    path: 'prices.card',
    standard: get => {
      const card = cardOf(get('accelerator') as Accelerator)
      if (card === undefined) return assumed(null, 'there is no card')
      return { value: card.price, grade: 'secondary', source: card.priceSource }
    },
  },
  {
    key: 'price-energy',
    name: 'price of energy',
    group: GROUP,
    help: 'for one kWh',
    type: moneySpread,
    path: 'prices.energy',
    standard: known(
      'vendor',
      { currency: 'USD', p10: 0.1077, p50: 0.146, p90: 0.2946 },
      'commercial, United States: Arkansas, mean, California (EIA table 5.6.A)',
      'https://www.energypricestoday.com/data/sources/electricity-prices.json',
      '2026-04',
    ),
  },
  {
    key: 'seed',
    name: 'seed',
    group: 'PLAN',
    help: 'of the draws; the same seed gives the same figures',
    type: integer({ min: 0, max: 2 ** 32 - 1 }),
    path: 'seed',
    standard: assumed(1, 'any'),
  },
  {
    key: 'draws',
    name: 'draws',
    group: 'PLAN',
    help: 'times that the uncertain inputs are drawn',
    type: integer({ min: 64, max: 1_000_000 }),
    path: 'draws',
    standard: assumed(1_024, 'evenly spread points: P95 is within 1.5 % of what 200,000 say'),
  },
]
