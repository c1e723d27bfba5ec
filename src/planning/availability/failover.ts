/** With `nodes` of which any one may fail: how full they may be, and each one's cameras before and after. */
export function failoverSpare(of: { nodes: number; cameras: number }): {
  load: number
  before: number
  after: number
} {
  const left = of.nodes - 1
  return { load: left / of.nodes, before: of.cameras / of.nodes, after: left === 0 ? 0 : of.cameras / left }
}

export interface NodeLoss {
  /** Cameras of the node that is lost. */
  load: number
  /** Cameras that the others have room for. */
  spare: number
  fits: boolean
}

/** For every single node: do the others, at `capacity` cameras each, have room for its cameras? */
export function survivesEachLoss(capacity: number, loads: readonly number[]): NodeLoss[] {
  const spare = loads.reduce((sum, load) => sum + Math.max(0, capacity - load), 0)
  return loads.map(load => {
    const others = spare - Math.max(0, capacity - load)
    return { load, spare: others, fits: others >= load }
  })
}

/**
 * Seconds from a node's death to the first recorded frame elsewhere: the rest of its lease, the challenger's poll, the connection, the
 * wait for a key frame. Mean and worst; on average the last renewal is half an interval old, and so is the poll and the group of pictures.
 */
export function failoverRecovery(of: { lease: number; renew: number; poll: number; connect: number; gop: number }): {
  mean: number
  worst: number
} {
  return {
    mean: of.lease - of.renew / 2 + of.poll / 2 + of.connect + of.gop / 2,
    worst: of.lease + of.poll + of.connect + of.gop,
  }
}

/** Seconds until the last of `cameras` is started again, at so many starts a second. */
export function restartSeconds(of: { cameras: number; rate: number }): number {
  return of.cameras / of.rate
}
