import { adaptive } from '../architectures/uplinks.ts'
import type { PlanInputs } from '../inputs/types.ts'
import { type Drawn, SiteLoads } from '../model/loads.ts'
import type { Normals } from '../uncertainty/draws.ts'
import type { Architecture } from './types.ts'

/** Streams to viewers that are made smaller, and what is left of their bit rate. Shares, 0 to 1. */
export interface Adaptation {
  readonly still: number
  readonly kept: number
}

/** The loads of a site that is built in one of the architectures. */
export class ArchitectureLoads extends SiteLoads {
  readonly #architecture: Architecture
  readonly #adaptation: Adaptation
  readonly #cameras: number
  /** What crosses to the viewers' side when each stream goes there once: as from an edge, where only that does. */
  readonly #watchedOnce: SiteLoads | null

  constructor(
    architecture: Architecture,
    of: { inputs: PlanInputs; normals: Normals; shared: SiteLoads; cameras: number; adaptation: Adaptation },
  ) {
    super(of.inputs, of.normals, of.shared)
    this.#architecture = architecture
    this.#adaptation = of.adaptation
    this.#cameras = of.cameras
    const atEdge: PlanInputs = { ...of.inputs, nodes: { ...of.inputs.nodes, recordAt: 'edge', zones: 1 } }
    this.#watchedOnce = architecture.sharedDelivery ? new SiteLoads(atEdge, of.normals, of.shared) : null
  }

  override watched(cameras: number): Drawn {
    return this.#architecture.alwaysOn ? () => cameras : super.watched(cameras)
  }

  /** Bit/s that leave the centre for viewers. */
  override relayed(): Drawn {
    const delivered = this.#delivered(super.relayed())
    if (!this.#architecture.adaptive) return delivered
    const { still, kept } = this.#adaptation
    // The tiles; a picture that is looked at closely stays as it is.
    const tiles = this.viewing(this.#cameras)
    return draw => {
      const rate = delivered(draw)
      return rate - adaptive({ cameras: still, rate: Math.min(rate, tiles(draw)), kept }).saved
    }
  }

  #delivered(unshared: Drawn): Drawn {
    if (this.#watchedOnce === null) return unshared
    const once = this.#watchedOnce.uplink(this.#cameras)
    return draw => Math.min(unshared(draw), once(draw) / this.wire)
  }
}
