/** What an input or a result is a quantity of: its units with their size in the base unit, which formulas count in. */
export interface QuantityKind {
  /** In messages: `bit rate`. */
  what: string
  units: Readonly<Record<string, number>>
  /** The unit of a bare number; without it a bare number is refused: of what? */
  bare?: string
  example: string
}

const TIME = { ms: 0.001, s: 1, min: 60, m: 60, h: 3_600, d: 86_400, y: 31_536_000 }
const BYTES = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
}
/** The same units with something behind each: `MB/s`. */
const per = (units: Readonly<Record<string, number>>, period: string) =>
  Object.fromEntries(Object.entries(units).map(([unit, size]) => [unit + period, size]))
/** Time counted in another unit than seconds, for inputs whose name says it: `hours=14`, and 14h too. */
const timeIn = (unit: keyof typeof TIME, name: string) => ({
  ...Object.fromEntries(Object.entries(TIME).map(([each, size]) => [each, size / TIME[unit]])),
  [name]: 1,
})

export const BIT_RATE: QuantityKind = {
  what: 'bit rate',
  units: { bps: 1, kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 },
  example: '4Mbps',
}
export const SIZE: QuantityKind = { what: 'size', units: BYTES, example: '16TB' }
export const SPEED: QuantityKind = { what: 'speed of bytes', units: per(BYTES, '/s'), example: '100MB/s' }
export const YEARLY: QuantityKind = { what: 'workload', units: per(BYTES, '/y'), example: '180TB/y' }
export const DURATION: QuantityKind = { what: 'duration', units: TIME, example: '30s' }
export const HOURS: QuantityKind = { what: 'number of hours', units: timeIn('h', 'hours'), bare: 'h', example: '24' }
export const DAYS: QuantityKind = { what: 'number of days', units: timeIn('d', 'days'), bare: 'd', example: '30' }
export const YEARS: QuantityKind = { what: 'number of years', units: timeIn('y', 'years'), bare: 'y', example: '5' }
export const POWER: QuantityKind = { what: 'power', units: { W: 1, kW: 1e3, MW: 1e6 }, example: '1.2kW' }
export const FREQUENCY: QuantityKind = {
  what: 'number in a time',
  units: { '/s': 1, '/min': 1 / 60, '/h': 1 / 3_600, '/d': 1 / 86_400 },
  bare: '/s',
  example: '10/s',
}
export const SHARE: QuantityKind = { what: 'share', units: { '%': 0.01, share: 1 }, bare: 'share', example: '5%' }
export const NUMBER: QuantityKind = { what: 'number', units: { '': 1 }, bare: '', example: '1.4' }
/** A whole number. */
export const COUNT: QuantityKind = { what: 'whole number', units: { '': 1 }, bare: '', example: '200' }

/** A figure in a unit of its kind, from the base unit; of a figure without a kind, as it is. */
export function inUnit(value: number, unit: string, kind?: QuantityKind): number {
  const size = kind?.units[unit] ?? 1
  // A division by 3600 is exact where a product with 1 / 3600 is not.
  return size < 1 ? value * (1 / size) : value / size
}

/** The inverse of {@link inUnit}. */
export function inBaseUnit(value: number, unit: string, kind: QuantityKind): number {
  const size = kind.units[unit] ?? 1
  return size < 1 ? value / (1 / size) : value * size
}
