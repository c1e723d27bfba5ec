import type { ViewingLimits } from '../config/types.ts'
import { formatBitRate } from '../kernel/units.ts'
import type { StreamKey } from './types.ts'

/** Somebody who watches, or said that it will. */
export interface Counted extends StreamKey {
  readonly user: string
  /** Measured bit/s that go to it; 0 for one that is not there yet. */
  readonly bitrate: number
}

export interface Asking extends StreamKey {
  readonly user: string
  /** Bit/s that the stream has; 0 where it is not known. */
  readonly bitrate: number
}

/** Why somebody may not watch as well; undefined where it may. Recording is not asked: it does not wait for viewers. Pure. */
export function refusal(asking: Asking, watching: Iterable<Counted>, limits: ViewingLimits): string | undefined {
  const others = new Set<string>()
  const streams = new Set<string>()
  let sent = 0
  const own = `${asking.camera}/${asking.stream}`
  for (const { camera, stream, user, bitrate } of watching) {
    const key = `${camera}/${stream}`
    if (key === own) others.add(user)
    if (user === asking.user) streams.add(key)
    sent += bitrate
  }
  // Whoever is there already takes no more room by asking again.
  if (streams.has(own)) return undefined
  if (others.size >= limits.viewersPerStream)
    return `${own} has ${others.size} viewers, and ${limits.viewersPerStream} are allowed (viewing.limits.viewers_per_stream)`
  if (streams.size >= limits.viewersPerUser)
    return `${asking.user} watches ${streams.size} streams, and ${limits.viewersPerUser} are allowed (viewing.limits.viewers_per_user)`
  if (sent + asking.bitrate > limits.bandwidth)
    return `${formatBitRate(sent)} go to viewers and ${own} would add ${formatBitRate(asking.bitrate)}; ${formatBitRate(limits.bandwidth)} are allowed (viewing.limits.bandwidth)`
  return undefined
}
