/** Round numbers from 0 to at least `most`, about `wanted` steps of 1, 2 or 5 times a power of ten. */
export function ticks(most: number, wanted = 4): number[] {
  // Less than that is nothing, whatever it measures.
  if (!(most > 1e-9) || !Number.isFinite(most)) return [0, 1]
  const rough = most / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough * (1 - 1e-9)) ?? 10)
  const count = Math.ceil(most / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => i * step)
}
