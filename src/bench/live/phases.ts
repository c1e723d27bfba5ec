/**
 * Moments of a group of pictures at which somebody comes, 0 to 1 of its length: one in the middle of each of `count` equal
 * parts, in random order. Two sides that come at the same moments wait for the camera's key frames alike.
 */
export function phasesOf(count: number, random: () => number): number[] {
  const phases = Array.from({ length: count }, (_, index) => (index + 0.5) / count)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = phases[last]!
    phases[last] = phases[other]!
    phases[other] = moved
  }
  return phases
}

/** Milliseconds from `now` to the next moment that lies `phase` (0 to 1) of a period behind a key frame. */
export function untilPhase(now: number, keyFrame: number, period: number, phase: number): number {
  const since = (now - keyFrame) / period
  const wait = (phase - since) % 1
  return (wait < 0 ? wait + 1 : wait) * period
}
