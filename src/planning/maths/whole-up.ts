/**
 * The next whole number, for things that are bought whole. Binary fractions make 2.0000000000000004 of what is two; nobody buys a
 * third for that.
 */
export function wholeUp(value: number): number {
  return Math.ceil(value - Math.abs(value) * 1e-12)
}
