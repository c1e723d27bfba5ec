import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/planning/maths/normal.ts'
import { sobolPoints } from '../../src/planning/maths/sobol.ts'
import { lognormal, lognormalSigma } from '../../src/planning/uncertainty/correlated.ts'
import { expectNear, expectSimulated, figures } from './support.ts'

describe('uncertainty (vectors U1 and U2)', () => {
  it.each([0, 0.1, 0.3, 1])(
    'U1: 200 cameras with correlation %d: summed over pairs, and simulated with a common cause',
    rho => {
      const of = figures('uncertainty.correlated', 'cameras=200', 'mean=4Mbps', 'sd=2Mbps', `rho=${rho}`)
      let variance = 0
      for (let i = 0; i < 200; i++) for (let j = 0; j < 200; j++) variance += 4 * (i === j ? 1 : rho)
      expectNear(of.sd, Math.sqrt(variance), 1e-12)
      expectNear(of.p95, 800 + 1.6448536 * Math.sqrt(variance), 1e-7)
      // All cameras together: the common cause, and the mean of what is each one's own.
      const squares: number[] = []
      for (const [common, own] of sobolPoints(2, 4_096, 1)) {
        const z = Math.sqrt(rho) * normalQuantile(common!) + Math.sqrt((1 - rho) / 200) * normalQuantile(own!)
        squares.push((200 * 2 * z) ** 2)
      }
      expectSimulated(squares, of.sd! ** 2, 0.03)
    },
  )

  it('U1: correlation decides', () => {
    const over = (rho: number) => figures('uncertainty.correlated', `rho=${rho}`).p95! / 800
    expect(over(0)).toBeLessThan(1.06)
    expect(over(0.3)).toBeGreaterThan(1.4)
  })

  it('U2: a log-normal of sigma 0.35, against its integral', () => {
    const of = figures('uncertainty.lognormal', 'median=4Mbps', 'sigma=0.35')
    const moment = (power: number) => {
      let sum = 0
      for (let z = -12; z <= 12; z += 1 / 64) sum += (4 * Math.exp(0.35 * z)) ** power * Math.exp((-z * z) / 2)
      return sum / 64 / Math.sqrt(2 * Math.PI)
    }
    expectNear(of.mean, moment(1), 1e-12)
    expectNear(of.sd, Math.sqrt(moment(2) - moment(1) ** 2), 1e-10)
    for (const [q, rate] of [
      [0.1, of.p10],
      [0.9, of.p90],
      [0.95, of.p95],
    ] as const)
      expectNear(normalCdf(Math.log(rate! / 4) / 0.35), q, 1e-13)
    expectNear(of['p95-over-mean'], Math.exp(1.6448536 * 0.35 - 0.35 ** 2 / 2), 1e-7)
  })

  it('finds the spread behind P10 and P90 again', () => {
    const { p10, p90 } = lognormal({ median: 4e6, sigma: 0.35 })
    expectNear(lognormalSigma(p10, p90), 0.35, 1e-13)
  })
})
