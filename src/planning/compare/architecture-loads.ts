import { adaptive } from '../architectures/uplinks.ts'
import type { PlanInputs } from '../inputs/types.ts'
import { SiteLoads } from '../model/loads.ts'
import type { Normals } from '../uncertainty/draws.ts'
import type { Architecture } from './types.ts'

/** Streams to viewers that are made smaller, and what is left of their bit rate. Shares, 0 to 1. */
export interface Adaptation {
  readonly still: number
  readonly kept: number
}

type Known = Map<string, Float64Array>

/** The loads of a site that is built in one of the architectures. What was worked out once is remembered. */
export class ArchitectureLoads extends SiteLoads {
  readonly #architecture: Architecture
  readonly #adaptation: Adaptation
  readonly #cameras: number
  /** What crosses to the viewers' side when each stream goes there once: as from an edge, where only that does. */
  readonly #watchedOnce: SiteLoads
  readonly #own: Known = new Map()
  /** What is the same in every architecture. */
  readonly #same: Known

  constructor(
    architecture: Architecture,
    of: {
      inputs: PlanInputs
      normals: Normals
      shared: SiteLoads
      same: Known
      cameras: number
      adaptation: Adaptation
    },
  ) {
    super(of.inputs, of.normals, of.shared)
    this.#architecture = architecture
    this.#adaptation = of.adaptation
    this.#cameras = of.cameras
    this.#same = of.same
    const atEdge: PlanInputs = { ...of.inputs, nodes: { ...of.inputs.nodes, recordAt: 'edge', zones: 1 } }
    this.#watchedOnce = architecture.sharedDelivery ? new SiteLoads(atEdge, of.normals, of.shared) : this
  }

  override recordingByDay(cameras: number): Float64Array {
    return remembered(this.#same, 'by-day', () => super.recordingByDay(cameras))
  }

  override recordingAtNight(cameras: number): Float64Array {
    return remembered(this.#same, 'at-night', () => super.recordingAtNight(cameras))
  }

  override daily(cameras: number): Float64Array {
    return remembered(this.#same, 'daily', () => super.daily(cameras))
  }

  override recordingCpu(cameras: number): Float64Array {
    return remembered(this.#same, 'recording-cpu', () => super.recordingCpu(cameras))
  }

  override relayCpu(): Float64Array {
    return remembered(this.#same, 'relay-cpu', () => super.relayCpu())
  }

  override viewing(cameras: number): Float64Array {
    return remembered(this.#own, 'viewing', () => super.viewing(cameras))
  }

  override watched(cameras: number): Float64Array {
    return remembered(this.#own, 'watched', () => {
      const watched = super.watched(cameras)
      return this.#architecture.alwaysOn ? watched.fill(cameras) : watched
    })
  }

  override relayed(): Float64Array {
    return remembered(this.#own, 'relayed', () => this.#delivered(super.relayed()))
  }

  /** Bit/s that leave the centre for viewers, where each viewer's own would be `unshared`. */
  #delivered(unshared: Float64Array): Float64Array {
    let out = unshared
    if (this.#architecture.sharedDelivery) {
      const once = this.#watchedOnce.uplink(this.#cameras)
      out = out.map((each, i) => Math.min(each, once[i]! / this.wire))
    }
    if (!this.#architecture.adaptive) return out
    const { still, kept } = this.#adaptation
    // The tiles; a picture that is looked at closely stays as it is.
    const tiles = this.viewing(this.#cameras)
    return out.map((rate, i) => rate - adaptive({ cameras: still, rate: Math.min(rate, tiles[i]!), kept }).saved)
  }
}

/** A copy, for whoever asks may sort it. One number of cameras is ever asked for. */
function remembered(known: Known, key: string, make: () => Float64Array): Float64Array {
  let values = known.get(key)
  if (values === undefined) {
    values = make()
    known.set(key, values)
  }
  return values.slice()
}
