import type { StreamSum } from '../segment-index/oldest-segments.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'

const DAY = 86_400_000
/** Streams that are read at a time. */
const AT_ONCE = 10

/**
 * Bytes a second that each camera wrote in the last 24 hours, gaps and all: what it will need of the disk. Where the whole site
 * has nothing of that time (the disk was full, the machine was off), it is the last 24 hours that each camera recorded.
 * `breathe` is awaited between portions of a few milliseconds.
 */
export async function measureRates(
  index: SegmentIndex,
  now: number,
  breathe: () => Promise<unknown>,
): Promise<Map<string, number>> {
  const streams = index.oldest.streams()
  const rates = await ratesOf(() => now)
  if ([...rates.values()].some(rate => rate > 0)) return rates
  return ratesOf(({ lastEnd }) => lastEnd)

  async function ratesOf(endOf: (stream: StreamSum) => number): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const [n, stream] of streams.entries()) {
      if (n % AT_ONCE === AT_ONCE - 1) await breathe()
      const end = endOf(stream)
      // Not what lies behind the end: a clock that was set back leaves footage in the future, and it would count for ever.
      const { first, bytes } = index.oldest.begunIn(stream, { start: end - DAY, end }) ?? { first: end, bytes: 0 }
      // A camera that began an hour ago has not needed a day for what it wrote.
      const seconds = Math.max(60_000, end - first) / 1_000
      found.set(stream.camera, (found.get(stream.camera) ?? 0) + bytes / seconds)
    }
    return found
  }
}
