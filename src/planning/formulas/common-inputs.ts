import type { Grade, Source } from '../grade.ts'
import type { FormulaInput, QuantityInput } from './formula.ts'
import { BIT_RATE, COUNT, DAYS, DURATION, HOURS, NUMBER, type QuantityKind, SHARE, SIZE } from './quantities.ts'
import { SOURCES } from './sources.ts'

interface Details {
  grade?: Grade
  source?: Source
  min?: number
  max?: number
  above?: boolean
}

type Maker = (meaning: string, value: number, details?: Details) => QuantityInput

/** Inputs of a kind, with a range that real sites lie in; without a grade they are assumptions. */
function quantity(kind: QuantityKind, unit: string, min: number, max: number, above = false): Maker {
  return (meaning, value, details = {}) => ({
    type: 'quantity',
    kind,
    unit,
    meaning,
    default: value,
    grade: 'assumption',
    source: SOURCES.judgement,
    min,
    max,
    above,
    ...details,
  })
}

export const bitRate = quantity(BIT_RATE, 'Mbps', 0, 1e9)
export const terabytes = quantity(SIZE, 'TB', 0, 1e9)
export const seconds = quantity(DURATION, 's', 0, 31_536_000)
export const hours = quantity(HOURS, 'h', 0, 24)
export const days = quantity(DAYS, 'd', 0, 36_500)
export const share = quantity(SHARE, 'share', 0, 1)
export const number = quantity(NUMBER, '', 0, 1e9)
export const count = quantity(COUNT, '', 0, 1_000_000)

/** A share of which some is always left: what divides by 1 - share. */
const shareBelowOne: Maker = (meaning, value, details) => share(meaning, value, { max: 0.99, ...details })

export const cameras = () => count('cameras', 200, { source: SOURCES.owner })
export const mainRate = () => bitRate('bit rate of the main stream', 4, { grade: 'vendor', source: SOURCES.milestone })
export const subRate = () =>
  bitRate('bit rate of the sub-stream', 0.5, { grade: 'vendor', source: SOURCES.secondStream })
export const allRates = (value: number) => bitRate('bit rate of all cameras together', value, { source: SOURCES.owner })
export const fileSystem = () => shareBelowOne('what the file system takes', 0.05)
export const headroom = () => shareBelowOne('what is kept free', 0.2)
export const zipf = () =>
  number('unevenness of popularity: 0 none (the safe bound), 1 as 1 / rank', 1, {
    source: SOURCES.poolPopularity,
    max: 10,
  })
export const linger = () => seconds('how long a stream stays open after its last viewer', 30, { source: SOURCES.owner })

/** The inputs of the wall of a control room, as several formulas take them. */
export const wall = {
  viewers: count('viewers (operators) at once', 20),
  tiles: count('different cameras that each shows', 9, { grade: 'secondary', source: SOURCES.operators }),
} as const satisfies Record<string, FormulaInput>
