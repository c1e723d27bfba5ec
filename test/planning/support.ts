import { expect } from 'vitest'
import { explain, findFormula } from '../../src/planning/formulas/index.ts'

/** The figures of a formula for settings like `bitrate=4Mbps`, by name, in the units that it shows. */
export function figures(id: string, ...settings: string[]): Record<string, number> {
  const { results } = explain(findFormula(id), settings)
  return Object.fromEntries(Object.entries(results).map(([name, { value }]) => [name, value as number]))
}

/** The figure of a formula: the first of its results. */
export function figure(id: string, ...settings: string[]): number {
  return explain(findFormula(id), settings).result.value as number
}

/** Equal to a part in a million, or to what `tolerance` says. */
export function expectNear(value: number | undefined, expected: number, tolerance = 1e-6): void {
  expect(value, `is ${value}, not ${expected}`).toSatisfy(
    (is: number) => Math.abs(is - expected) <= tolerance * Math.max(Math.abs(expected), Number.MIN_VALUE),
  )
}

/**
 * The mean of a simulation is where it should be: within 4.5 standard errors of `expected` (it is not once in 150,000 runs, and the
 * seed is fixed), and the simulation is precise enough to tell: its error is under `precision` of the value.
 */
export function expectSimulated(samples: readonly number[], expected: number, precision: number): void {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length
  const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (samples.length - 1)
  const error = Math.sqrt(variance / samples.length)
  expect(error, 'the simulation is too short').toBeLessThan(precision * Math.abs(expected))
  expect(Math.abs(mean - expected), `simulated ${mean} +- ${error}, not ${expected}`).toBeLessThan(4.5 * error)
}

/** A quantile agrees with samples: about q of them are at most it, and fewer are below it. */
export function expectQuantile(samples: readonly number[], quantile: number, q: number): void {
  const error = 4.5 * Math.sqrt((q * (1 - q)) / samples.length)
  const share = (count: number) => samples.filter(x => x <= count).length / samples.length
  expect(share(quantile), `P(<= ${quantile})`).toBeGreaterThan(q - error)
  expect(share(quantile - 1), `P(<= ${quantile - 1})`).toBeLessThan(q + error)
}
