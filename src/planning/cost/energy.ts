/** Kilowatt-hours of a draw in watts, with what cooling and conversion add (PUE, 1 and more), over hours. */
export function energyKilowattHours(of: { power: number; pue: number; hours: number }): number {
  return (of.power / 1_000) * of.pue * of.hours
}

/** What that energy costs, in the currency of the price of a kilowatt-hour. */
export function energyCost(of: { power: number; pue: number; hours: number; price: number }): number {
  return energyKilowattHours(of) * of.price
}
