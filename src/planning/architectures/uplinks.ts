/** Bit/s of one architecture. `uplink` is what the centre's network carries in from the cameras. */
export interface ArchitectureRates {
  /** Into the recorders. */
  recording: number
  /** In for viewing, beyond what is recorded anyway. */
  viewing: number
  uplink: number
}

const both = (recording: number, viewing: number): ArchitectureRates => ({
  recording,
  viewing,
  uplink: recording + viewing,
})

/** Main and sub-stream of every camera always on. */
export function alwaysOn(of: { cameras: number; main: number; sub: number }): ArchitectureRates {
  return both(of.cameras * of.main, of.cameras * of.sub)
}

/** Main streams recorded centrally, sub-streams only of the cameras that are watched. */
export function onDemand(of: { cameras: number; main: number; sub: number; watched: number }): ArchitectureRates {
  return both(of.cameras * of.main, of.watched * of.sub)
}

/** Cameras recorded at the edge; only what is watched crosses the uplink, main streams and sub-streams apart. */
export function edge(of: {
  cameras: number
  main: number
  sub: number
  mains: number
  subs: number
}): ArchitectureRates {
  return {
    recording: of.cameras * of.main,
    viewing: of.mains * of.main + of.subs * of.sub,
    uplink: of.mains * of.main + of.subs * of.sub,
  }
}

/** Bit/s out to viewers of a sub-stream: once a viewer, or once a camera when a relay near the viewers shares it. */
export function sharedRelay(of: { cameras: number; viewers: number; sub: number }): {
  unshared: number
  shared: number
  saved: number
} {
  const unshared = of.cameras * of.viewers * of.sub
  const shared = of.cameras * of.sub
  return { unshared, shared, saved: unshared === 0 ? 0 : 1 - shared / unshared }
}

/** Bit/s that adaptive rates save over `cameras` that are still, when each goes from `rate` down to the share `kept`. */
export function adaptive(of: { cameras: number; rate: number; kept: number }): {
  before: number
  after: number
  saved: number
} {
  const before = of.cameras * of.rate
  return { before, after: before * of.kept, saved: before * (1 - of.kept) }
}
