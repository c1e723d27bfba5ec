/** A frame by its key: an RTP timestamp, or its place in the media in milliseconds; and a wall-clock time in milliseconds. */
export type Stamped = readonly [key: number, wall: number]

/**
 * Milliseconds from the moment the camera sent a frame to the moment its picture was on the screen, of each picture whose frame is
 * known. `tolerance` is how far keys of one frame may lie apart.
 */
export function latencies(coded: readonly Stamped[], shown: readonly Stamped[], tolerance: number): number[] {
  const sorted = [...coded].sort((a, b) => a[0] - b[0])
  return shown.flatMap(([key, wall]) => {
    const nearest = nearestTo(sorted, key)
    return nearest !== undefined && Math.abs(nearest[0] - key) <= tolerance ? [wall - nearest[1]] : []
  })
}

function nearestTo(sorted: readonly Stamped[], key: number): Stamped | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]![0] < key) low = middle + 1
    else high = middle
  }
  const [before, after] = [sorted[low - 1], sorted[low]]
  if (!before || !after) return before ?? after
  return key - before[0] <= after[0] - key ? before : after
}
