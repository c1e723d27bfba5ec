import { cameraCount } from '../inputs/check.ts'
import type { CameraKind, PlanInputs, Resolution } from '../inputs/types.ts'
import { momentsGiven, spreadAt } from '../uncertainty/spread.ts'

const PIXELS: Readonly<Record<Resolution, number>> = {
  vga: 640 * 480,
  '720p': 1280 * 720,
  '1080p': 1920 * 1080,
  '4mp': 2688 * 1520,
  '5mp': 2592 * 1944,
  '4k': 3840 * 2160,
}
const HOURS = 24

/** A kind of cameras and its share of all. */
interface Part {
  readonly kind: CameraKind
  readonly share: number
}

/** What the average camera of a plan is. Everything is for one camera, so that any number of the same mix can be reckoned. */
export class CameraMix {
  readonly #parts: readonly Part[]
  readonly #inputs: PlanInputs

  constructor(inputs: PlanInputs) {
    this.#inputs = inputs
    const all = cameraCount(inputs)
    const kinds = inputs.cameras
    this.#parts = kinds.map(kind => ({ kind, share: all === 0 ? 1 / kinds.length : kind.count / all }))
  }

  /** Share of the cameras that are recorded at all. */
  get recorded(): number {
    return this.#sum(kind => (kind.hours > 0 ? 1 : 0))
  }

  get withSub(): number {
    return this.#sum(kind => (kind.sub === null ? 0 : 1))
  }

  /** Frames a second that are recorded. */
  get frames(): number {
    return this.#sum(kind => (kind.hours > 0 ? kind.fps : 0))
  }

  /** Decoding work of one main stream, in those of 1080p at 30 frames a second. */
  get decode(): number {
    return this.#sum(kind => (PIXELS[kind.resolution] * kind.fps) / (PIXELS['1080p'] * 30))
  }

  /** Encoding work of one sub-stream of 720p at the camera's rate, in those of 30 frames a second. */
  get encode(): number {
    return this.#sum(kind => kind.fps / 30)
  }

  /**
   * Bit rates when the factors are known (standard normal numbers): mean and variance of one camera's main stream by day and at night,
   * of a main stream's at night whether recorded or not, of the bytes a day that are kept, and of a sub-stream.
   */
  rates(common: number, nightNormal: number, smartNormal: number): MixRates {
    const { correlation, night, smart } = this.#inputs
    const nightFactor = spreadAt(night.factor, nightNormal)
    const smartDay = spreadAt(smart.day, smartNormal)
    const smartNight = spreadAt(smart.night, smartNormal)
    const nightShare = night.hours / HOURS
    const result = {
      day: 0,
      dayVariance: 0,
      night: 0,
      nightVariance: 0,
      kept: 0,
      keptVariance: 0,
      full: 0,
      sub: 0,
      subVariance: 0,
    }
    for (const { kind, share } of this.#parts) {
      const main = momentsGiven(kind.main, common, correlation)
      const byDay = kind.smart ? smartDay : 1
      const atNight = nightFactor * (kind.smart ? smartNight : 1)
      const mean = byDay * (1 - nightShare) + atNight * nightShare
      const kept = (kind.hours / HOURS) * kind.motion * mean
      const recorded = kind.hours > 0 ? share : 0
      result.day += recorded * byDay * main.mean
      result.dayVariance += recorded * byDay ** 2 * main.variance
      result.night += recorded * atNight * main.mean
      result.nightVariance += recorded * atNight ** 2 * main.variance
      result.full += share * atNight * main.mean
      result.kept += share * kept * main.mean
      result.keptVariance += share * kept ** 2 * main.variance
      if (kind.sub === null) continue
      const sub = momentsGiven(kind.sub, common, correlation)
      result.sub += share * sub.mean
      result.subVariance += share * sub.variance
    }
    return result
  }

  #sum(of: (kind: CameraKind) => number): number {
    return this.#parts.reduce((sum, { kind, share }) => sum + share * of(kind), 0)
  }
}

/** Bit/s, and bit/s squared; `sub` counts cameras without a sub-stream as 0. */
export interface MixRates {
  day: number
  dayVariance: number
  night: number
  nightVariance: number
  /** What is kept of the stream, on average over a day. */
  kept: number
  keptVariance: number
  full: number
  sub: number
  subVariance: number
}
