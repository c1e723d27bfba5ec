import { VmsError } from '../../kernel/errors.ts'
import { formatMoney, parseMoney } from '../../kernel/money.ts'
import type { Spread } from './types.ts'
import { money, number, spread, type ValueType } from './value-type.ts'

/** P10, P50 and P90 of a price in one currency. */
export interface MoneySpread extends Spread {
  readonly currency: string
}

const amounts = spread(number({ min: 0, max: 1e12 }))

/** `20EUR`, or three of one currency. */
export const moneySpread: ValueType = {
  example: '20EUR, or P10,P50,P90',
  spreads: true,
  parse: text => {
    const parts = text.split(',').map(parseMoney)
    const currency = parts[0]!.currency
    if (parts.some(part => part.currency !== currency))
      throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 60)}" is in several currencies`, {
        hint: 'Write all in one.',
      })
    return { currency, ...(amounts.parse(parts.map(part => part.amount).join(',')) as Spread) }
  },
  format: value => {
    const { currency, p10, p50, p90 } = value as MoneySpread
    const all = p10 === p90 ? [p50] : [p10, p50, p90]
    return all.map(amount => formatMoney({ amount, currency }).replaceAll(/[ ,]/g, '')).join(',')
  },
  problem: value => {
    const { currency } = (value ?? {}) as Partial<MoneySpread>
    return money.problem({ amount: 0, currency }) ?? amounts.problem(value)
  },
}

/** Dollars for one of each currency. */
export const rates: ValueType = {
  example: 'EUR=1.1',
  parse: text => {
    const entries = text.split(',').map(part => {
      const match = /^\s*([a-zA-Z]{3})\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part)
      if (!match)
        throw new VmsError('VMS_E_USAGE', `"${part.slice(0, 40)}" is not an exchange rate`, {
          hint: 'Write it like EUR=1.1: dollars for one euro.',
        })
      return [match[1]!.toUpperCase(), Number(match[2])] as const
    })
    return Object.fromEntries(entries)
  },
  format: value =>
    Object.entries(value as Record<string, number>)
      .map(([code, rate]) => `${code}=${rate}`)
      .join(','),
  problem: value => {
    const known = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!known) return 'is not a list of exchange rates'
    const wrong = Object.entries(value).find(
      ([code, rate]) => !/^[A-Z]{3}$/.test(code) || typeof rate !== 'number' || !(rate > 0),
    )
    return wrong ? `has no rate above 0 for ${wrong[0]}` : undefined
  },
}

/** An amount in another currency. Throws VMS_E_USAGE for a currency without a rate. */
export function exchange(amount: number, from: string, to: string, rates: Readonly<Record<string, number>>): number {
  if (from === to) return amount
  const rate = (code: string) => {
    const dollars = code === 'USD' ? 1 : rates[code]
    if (dollars === undefined)
      throw new VmsError('VMS_E_USAGE', `no exchange rate of ${code} is known`, {
        hint: `Give it: --rate ${code}=0.5 (dollars for one ${code}). Known: USD, ${Object.keys(rates).join(', ')}.`,
      })
    return dollars
  }
  return (amount * rate(from)) / rate(to)
}
