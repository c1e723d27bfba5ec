import { binomialAtLeast } from '../maths/binomial.ts'

/** Chance that at least k of n nodes are up, each with this availability, failing independently. */
export function availabilityKOfN(of: { k: number; n: number; each: number }): number {
  return binomialAtLeast(of.k, of.n, of.each)
}
