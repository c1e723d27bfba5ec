import { wholeUp } from '../maths/whole-up.ts'

/** The owner's document, S6, as it stands: its figures for n cameras, contradictions included. Bit/s, cores, cards, dollars. */
export interface DocumentedFigures {
  bandwidth: number
  cores: number
  cards: number
}

/** `bandwidth = n x 6 Mbps, cores = n x 0.6, gpu = 0`. */
export function documentedOriginal(cameras: number): DocumentedFigures {
  return { bandwidth: cameras * 6e6, cores: cameras * 0.6, cards: 0 }
}

/** `bandwidth = n x 4 + n x 0.2 x 1 Mbps, cores = n x 0.4, gpu = ceil(n x 0.2 x 0.02 / 0.9)`. */
export function documentedOptimised(cameras: number): DocumentedFigures {
  return {
    bandwidth: cameras * 4e6 + cameras * 0.2 * 1e6,
    cores: cameras * 0.4,
    cards: wholeUp((cameras * 0.2 * 0.02) / 0.9),
  }
}

/** Shares saved, and dollars at $300 a core. */
export function documentedSavings(cameras: number): { bandwidth: number; cores: number; cost: number } {
  const [before, after] = [documentedOriginal(cameras), documentedOptimised(cameras)]
  const saved = (was: number, is: number) => (was === 0 ? 0 : 1 - is / was)
  return {
    bandwidth: saved(before.bandwidth, after.bandwidth),
    cores: saved(before.cores, after.cores),
    cost: (before.cores - after.cores) * 300,
  }
}
