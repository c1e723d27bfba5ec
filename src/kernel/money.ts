import { VmsError } from './errors.ts'

/** An amount of a currency (ISO 4217, three letters). */
export interface Money {
  readonly amount: number
  readonly currency: string
}

/** Money of a text like `2500USD` or `18.5 EUR`. Throws VMS_E_USAGE for an amount without its currency. */
export function parseMoney(text: string): Money {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text)
  const [, amount = '', currency = ''] = match ?? []
  if (!match || (currency !== '' && currency.length !== 3))
    throw new VmsError('VMS_E_USAGE', `"${text.slice(0, 40)}" is not an amount of money`, {
      hint: 'Write it like 2500USD: a number and the three letters of its currency.',
    })
  if (currency === '')
    throw new VmsError('VMS_E_USAGE', `"${text.trim()}" of what? An amount of money needs its currency`, {
      hint: `Write it like ${text.trim()}USD.`,
    })
  return { amount: Number(amount), currency: currency.toUpperCase() }
}

/** `12,345 USD`, and `18.50 USD` below a hundred. */
export function formatMoney({ amount, currency }: Money): string {
  const digits = Math.abs(amount) >= 100 || Number.isInteger(amount) ? 0 : Math.abs(amount) >= 1 ? 2 : 4
  const [whole = '', fraction] = amount.toFixed(digits).split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${currency}`
}
