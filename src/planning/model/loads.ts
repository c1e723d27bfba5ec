import type { PlanInputs } from '../inputs/types.ts'
import { operatorBitrate } from '../network/links.ts'
import { rtpUdpFactor, rtspTcpFactor } from '../network/overhead.ts'
import { BITS_PER_BYTE } from '../periods.ts'
import { dailyVolume } from '../storage/volume.ts'
import type { Normals } from '../uncertainty/draws.ts'
import { p95 } from '../uncertainty/quantiles.ts'
import { spreadAt } from '../uncertainty/spread.ts'
import { CameraMix, type MixRates } from './camera-mix.ts'
import { recordingCores } from './recording-cost.ts'
import { fullSizeOf, WatchedByCameras, watchedOf } from './watched.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

/** A value for each draw, by its number. */
export type Drawn = (draw: number) => number

const NOTHING: Drawn = () => 0

/**
 * The load of a site for any number of cameras of its mix, in every draw of what is uncertain. Nothing is worked out before a draw is
 * asked for: a search asks for one load at many numbers of cameras, and arrays on the way would keep the garbage collector busy. The sum over cameras that differ by chance is taken as normal, which it is for many of them.
 */
export class SiteLoads {
  readonly #inputs: PlanInputs
  readonly #normals: Normals
  readonly #mix: CameraMix
  readonly #rates: readonly MixRates[]
  readonly #watched: WatchedByCameras
  readonly #full: WatchedByCameras
  /** What 1 bit of video is on the wire. */
  readonly #wire: number
  readonly #scratch: Float64Array<ArrayBuffer>

  /** What costs most is taken from `shared`: loads of the same cameras and viewers. */
  constructor(inputs: PlanInputs, normals: Normals, shared?: SiteLoads) {
    this.#inputs = inputs
    this.#normals = normals
    this.#mix = new CameraMix(inputs)
    this.#scratch = new Float64Array(normals.count)
    const { common, night, smart } = normals.of
    this.#rates =
      shared && shared.#normals === normals
        ? shared.#rates
        : Array.from({ length: normals.count }, (_, i) => this.#mix.rates(common[i]!, night[i]!, smart[i]!))
    this.#watched = shared ? shared.#watched : new WatchedByCameras(cameras => watchedOf(inputs, cameras))
    this.#full = shared ? shared.#full : new WatchedByCameras(cameras => fullSizeOf(inputs, cameras))
    const { transport, payload } = inputs.network
    this.#wire = transport === 'rtp-udp' ? rtpUdpFactor(payload) : rtspTcpFactor(payload)
  }

  get wire(): number {
    return this.#wire
  }

  get mix(): CameraMix {
    return this.#mix
  }

  /** Bit/s of main streams that are recorded, by day. */
  recordingByDay(cameras: number): Drawn {
    return this.#each((rates, i) => this.#sum(cameras, rates.day, rates.dayVariance, this.#normals.of.each[i]!))
  }

  recordingAtNight(cameras: number): Drawn {
    return this.#each((rates, i) => this.#sum(cameras, rates.night, rates.nightVariance, this.#normals.of.each[i]!))
  }

  /** Different cameras whose sub-streams are open. */
  watched(cameras: number): Drawn {
    const { mean, sd } = this.#watched.at(cameras)
    return this.#each((_, i) => this.#count(mean, sd, cameras, i))
  }

  /** Bit/s of sub-streams from cameras. */
  viewing(cameras: number): Drawn {
    const watched = this.watched(cameras)
    return this.#each((rates, i) => this.#sum(watched(i), rates.sub, rates.subVariance, this.#normals.of.eachSub[i]!))
  }

  /** Bit/s on the wire of the uplink of one zone. */
  uplink(cameras: number): Drawn {
    const { recordAt, zones } = this.#inputs.nodes
    const viewing = this.viewing(cameras)
    const factor = this.#wire / zones
    if (recordAt === 'centre') {
      const recording = this.recordingAtNight(cameras)
      return this.#each((_, i) => (recording(i) + viewing(i)) * factor)
    }
    const full = this.#inputs.viewers.model === 'wall' ? this.#full.at(cameras) : { mean: 0, sd: 0 }
    // A tile of a camera without a sub-stream shows its main stream.
    const watched = this.watched(cameras)
    const without = 1 - this.#mix.withSub
    return this.#each((rates, i) => {
      const mains = this.#count(full.mean, full.sd, cameras, i) + without * watched(i)
      return (Math.min(cameras, mains) * rates.full + viewing(i)) * factor
    })
  }

  /** Streams to viewers. */
  viewers(): Drawn {
    const { model, operators, tiles, full, arrivals, session } = this.#inputs.viewers
    const load = (arrivals * session) / HOUR
    if (model === 'wall') return this.#each(() => operators * (tiles + full))
    return this.#each((_, i) => Math.max(0, load + Math.sqrt(load) * this.#normals.of.watched[i]!))
  }

  /** Bit/s to viewers. */
  relayed(): Drawn {
    const { model, operators, tiles, full } = this.#inputs.viewers
    const viewers = this.viewers()
    const without = 1 - this.#mix.withSub
    return this.#each((rates, i) => {
      const tile = rates.sub + without * rates.full
      if (model === 'visits') return viewers(i) * tile
      return operatorBitrate({ operators, tiles, sub: tile, main: full * rates.full })
    })
  }

  /** Bit/s on the wire through the network cards of all nodes, in or out, whichever is more. */
  network(cameras: number): Drawn {
    const [recording, viewing, relayed] = [this.recordingAtNight(cameras), this.viewing(cameras), this.relayed()]
    return this.#each((_, i) => Math.max(recording(i) + viewing(i), relayed(i)) * this.#wire)
  }

  /** Bytes that are kept of one day. */
  daily(cameras: number): Drawn {
    const factor = 1 + this.#inputs.storage.container
    return this.#each((rates, i) => {
      const rate = this.#sum(cameras, rates.kept, rates.keptVariance, this.#normals.of.each[i]!)
      return dailyVolume(rate) * factor
    })
  }

  /** Bytes of video that are kept at a time. */
  video(cameras: number): Drawn {
    const days = this.#inputs.storage.retention / DAY
    const daily = this.daily(cameras)
    return i => daily(i) * days
  }

  /** Bytes a second to disk, at night and with all cameras writing. */
  diskWrite(cameras: number): Drawn {
    const factor = (1 + this.#inputs.storage.container) / BITS_PER_BYTE
    const rate = this.recordingAtNight(cameras)
    return i => rate(i) * factor
  }

  recordingCpu(cameras: number): Drawn {
    const night = this.recordingAtNight(cameras)
    const framesPerSecond = cameras * this.#mix.frames
    const { recordCpu } = this.#inputs.work
    return this.#each((_, i) =>
      recordingCores({
        each: spreadAt(recordCpu, this.#normals.of.recordCpu[i]!),
        framesPerSecond,
        bitrate: night(i),
      }),
    )
  }

  relayCpu(): Drawn {
    const viewers = this.viewers()
    const { relayCpu } = this.#inputs.work
    return this.#each((_, i) => viewers(i) * spreadAt(relayCpu, this.#normals.of.relayCpu[i]!))
  }

  /** Transcodes at once. */
  transcodes(cameras: number): Drawn {
    const { transcode } = this.#inputs.work
    if (transcode === 0) return NOTHING
    const watched = this.watched(cameras)
    return i => watched(i) * transcode
  }

  /** Cores of transcodes; none when a card does them. */
  transcodingCpu(cameras: number): Drawn {
    const { transcode, transcodeCpu } = this.#inputs.work
    if (this.#inputs.encoder.accelerator !== 'none' || transcode === 0) return NOTHING
    const work = this.#mix.decode
    const transcodes = this.transcodes(cameras)
    return this.#each((_, i) => transcodes(i) * work * spreadAt(transcodeCpu, this.#normals.of.transcodeCpu[i]!))
  }

  cpu(cameras: number): Drawn {
    const [recording, relay, transcoding] = [this.recordingCpu(cameras), this.relayCpu(), this.transcodingCpu(cameras)]
    return this.#each((_, i) => recording(i) + relay(i) + transcoding(i))
  }

  /** Bytes, without what each node takes by itself. */
  memory(cameras: number): Drawn {
    const { recordMemory, relayMemory, transcodeMemory } = this.#inputs.work
    const [viewers, transcodes] = [this.viewers(), this.transcodes(cameras)]
    const recording = cameras * this.#mix.recorded * recordMemory
    return this.#each((_, i) => recording + viewers(i) * relayMemory + transcodes(i) * transcodeMemory)
  }

  #each(of: (rates: MixRates, draw: number) => number): Drawn {
    return draw => of(this.#rates[draw]!, draw)
  }

  /** The values of all draws; into `values`, when it is given. */
  values(of: Drawn, values = new Float64Array(this.#normals.count)): Float64Array<ArrayBuffer> {
    for (let draw = 0; draw < values.length; draw++) values[draw] = of(draw)
    return values
  }

  /** What is not exceeded in 95 % of the draws. */
  p95(of: Drawn): number {
    return p95(this.values(of, this.#scratch))
  }

  /** A sum over `count` things of this mean and variance, each with a chance of its own. */
  #sum(count: number, mean: number, variance: number, normal: number): number {
    return Math.max(0, count * mean + Math.sqrt(count * variance) * normal)
  }

  #count(mean: number, sd: number, most: number, draw: number): number {
    return Math.min(most, Math.max(0, mean + sd * this.#normals.of.watched[draw]!))
  }
}
