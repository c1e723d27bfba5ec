import { VmsError } from '../../kernel/errors.ts'
import { COUNT, inBaseUnit, type QuantityKind } from './quantities.ts'

/** A number, a fraction of two (1/6) or one with an exponent (1e-15), then its unit. */
const QUANTITY = /^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:\/(\d+(?:\.\d+)?))?\s*([a-zA-Z%/ ]*)$/i

/** Longer words for units that people write: `600 per hour`, `5 years`, `3 TB/yr`. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\s*\bper\s*/i, '/'],
  [/\s+/g, ''],
  [/(^|\/)(s|sec|second)s?$/i, '$1s'],
  [/(^|\/)(min|minute)s?$/i, '$1min'],
  [/(^|\/)(h|hr|hour)s?$/i, '$1h'],
  [/(^|\/)(d|day)s?$/i, '$1d'],
  [/(^|\/)(y|yr|year)s?$/i, '$1y'],
]

/** The value of `4Mbps` in the kind's base unit. Throws VMS_E_USAGE; `place` is where it stands, such as `--set bitrate`. */
export function readQuantity(text: string, kind: QuantityKind, place: string): number {
  const shown = JSON.stringify(text.slice(0, 40))
  const units = Object.keys(kind.units).filter(unit => unit !== '')
  const hint = `Write it like ${kind.example}${units.length > 0 ? `; units are ${units.join(', ')}` : ''}.`
  const match = QUANTITY.exec(text.trim())
  if (!match) throw new VmsError('VMS_E_USAGE', `${place}: ${shown} is not a ${kind.what}`, { hint })
  const [, above = '', below = '1', written = ''] = match
  const unit = written.trim() === '' ? kind.bare : unitOf(written, kind)
  if (unit === undefined) {
    const problem = written.trim() === '' ? `${shown} of what? It needs its unit` : `${shown} is not a ${kind.what}`
    throw new VmsError('VMS_E_USAGE', `${place}: ${problem}`, { hint })
  }
  const number = Number(above) / Number(below)
  const value = inBaseUnit(number, unit, kind)
  if (!Number.isFinite(value)) throw new VmsError('VMS_E_USAGE', `${place}: ${shown} is no finite number`, { hint })
  if (kind === COUNT && !Number.isInteger(value))
    throw new VmsError('VMS_E_USAGE', `${place}: ${shown} is not a whole number`, { hint })
  return value
}

/** Written as they are shown, read in any case; a capital M is nobody's minute. */
function unitOf(written: string, kind: QuantityKind): string | undefined {
  if (/^M$/.test(written.trim())) return undefined
  const plain = SPELLINGS.reduce((text, [pattern, unit]) => text.replace(pattern, unit), written)
  return Object.keys(kind.units).find(unit => unit !== '' && unit.toLowerCase() === plain.toLowerCase())
}
