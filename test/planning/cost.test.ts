import { describe, expect, it } from 'vitest'
import { explain, findFormula } from '../../src/planning/formulas/index.ts'
import { product } from './rational.ts'
import { expectNear, figures } from './support.ts'

describe('cost (vectors C1 to C3)', () => {
  it('C1: electricity', () => {
    expectNear(figures('cost.energy', 'power=1kW', 'pue=1', 'hours=8760').energy, 8_760)
    const of = figures('cost.energy', 'power=1.295kW', 'pue=1.4', 'hours=730', 'price=$0.146')
    expectNear(of.cost, product('1.295', '1.4', 730, '0.146').number(), 1e-13)
    let sum = 0
    for (let hour = 0; hour < 730; hour++) sum += 1.295 * 1.4 * 0.146
    expectNear(of.cost, sum, 1e-12)
  })

  it('C2: delivery', () => {
    const one = figures('cost.cdn', 'viewers=1', 'bitrate=10Mbps', 'hours=24', 'days=30', 'price=0.085USD')
    expectNear(one.volume, 3_240)
    expectNear(one.cost, 275.4)
    const many = figures('cost.cdn', 'viewers=60', 'bitrate=2Mbps', 'hours=4', 'days=22', 'price=USD 0.085/GB')
    expectNear(many.volume, 4_752)
    expectNear(many.cost, 403.92)
  })

  it('C3: capital, and with interest the debt that is left at the end is none', () => {
    expectNear(figures('cost.capital', 'amount=30000USD', 'months=60').monthly, 500)
    const { monthly } = figures('cost.capital', 'amount=30000EUR', 'months=60', 'interest=6%')
    let debt = 30_000
    for (let month = 0; month < 60; month++) debt = debt * 1.005 - monthly!
    expect(Math.abs(debt)).toBeLessThan(1e-7)
  })

  it('answers in the currency of the price', () => {
    expect(explain(findFormula('cost.energy'), ['price=€0.2/kWh']).result.unit).toBe('EUR')
    expect(explain(findFormula('cost.energy'), ['price=3500 vnd']).result.unit).toBe('VND')
    expect(explain(findFormula('cost.energy'), ['price=0.2']).result.unit).toBe('USD')
  })
})
