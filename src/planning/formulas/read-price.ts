import { VmsError } from '../../kernel/errors.ts'
import type { Price, PriceInput } from './formula.ts'

const SYMBOLS: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₫': 'VND',
  '₹': 'INR',
}
const MOST = 1e12

/** A currency before or behind the amount, and what it is the price of: `0.146 USD/kWh`, `$0.146`, `EUR 12`. */
const PRICE =
  /^([A-Za-z]{3}|[$€£¥₫₹])?\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([A-Za-z]{3}|[$€£¥₫₹])?\s*(?:\/\s*([A-Za-z]+))?$/

/**
 * An amount of money. Without a currency it is in that of the default, as the answer shows; money of different currencies is never
 * added, so none is converted. Throws VMS_E_USAGE for a currency that does not exist.
 */
export function readPrice(text: string, input: PriceInput, place: string): Price {
  const hint = `Write it like ${input.default.amount}${input.default.currency}; currencies are the three letters of ISO 4217.`
  const [, before, number = '', behind, each] = PRICE.exec(text.trim()) ?? []
  const amount = Number(number)
  if (number === '' || (before !== undefined && behind !== undefined))
    throw new VmsError('VMS_E_USAGE', `${place}: ${JSON.stringify(text.slice(0, 40))} is not an amount of money`, {
      hint,
    })
  if (each !== undefined && each.toLowerCase() !== input.each?.toLowerCase())
    throw new VmsError('VMS_E_USAGE', `${place} is not a price of a ${each}`, { hint })
  if (!(amount >= 0 && amount <= MOST))
    throw new VmsError('VMS_E_USAGE', `${place}: ${number} is out of range`, { hint: 'It must be from 0 to 10^12.' })
  const word = before ?? behind
  if (word === undefined) return { amount, currency: input.default.currency }
  const currency = SYMBOLS[word] ?? word.toUpperCase()
  if (Intl.supportedValuesOf('currency').includes(currency)) return { amount, currency }
  throw new VmsError('VMS_E_USAGE', `${place}: ${JSON.stringify(word)} is not a currency`, { hint })
}
