import { VmsError } from '../../kernel/errors.ts'
import type { DemoMeters } from './meters.ts'
import { DemoStage } from './stage.ts'
import type { DemoFault, DemoOptions, DemoProof, DemoUsage, ViewerReport } from './types.ts'
import { GatewayViewer } from './viewer.ts'

/** Milliseconds within which a viewer must have a picture. */
const JOIN_LIMIT = 10_000

/** One run of the demo: what its steps hand on to each other. */
export class DemoRun {
  readonly options: DemoOptions
  readonly stage: DemoStage
  readonly faults: DemoFault[] = []
  /** Milliseconds to the first key frame of each viewer. */
  readonly joins: number[] = []
  /** Media worker by camera. */
  slots: ReadonlyMap<string, number> = new Map()
  meters: DemoMeters | undefined
  viewer: GatewayViewer | undefined
  /** The new daemon took over the very workers that ran. */
  adopted = false
  /** Milliseconds of recording, once it is over. */
  recorded = 0
  /** When it ended, wall-clock milliseconds. */
  ended = 0
  usage: DemoUsage | undefined
  watched: Pick<ViewerReport, 'frames' | 'longestPause' | 'reconnects'> | undefined
  proof: DemoProof | undefined
  #begun = 0

  constructor(options: DemoOptions) {
    this.options = options
    this.stage = new DemoStage(options.directory, options.clock, options.signal)
  }

  /** All cameras are on disk: the time of recording begins. */
  begin(): void {
    this.#begun = this.options.clock.monotonic()
  }

  /** Milliseconds since then. */
  get elapsed(): number {
    return this.options.clock.monotonic() - this.#begun
  }

  /** Waits until this share of the recording is over. */
  async recordUntil(share: number): Promise<void> {
    await this.stage.pause(Math.max(0, share * this.options.duration - this.elapsed))
  }

  /** The camera that is watched, the one that reboots, and the worker that is killed: apart, where there are enough. */
  get cast(): { readonly watched: string; readonly rebooted: string; readonly slot: number } {
    const slot = Math.max(...this.slots.values())
    const ids = [...this.slots.keys()]
    const others = ids.filter(id => this.slots.get(id) !== slot)
    return { watched: others[0] ?? ids[0]!, rebooted: others[1] ?? others[0] ?? ids.at(-1)!, slot }
  }

  /** A viewer of a camera through the gateway, as soon as it has its first key frame. */
  async join(camera: string): Promise<GatewayViewer> {
    const { clock, random } = this.options
    const viewer = new GatewayViewer(this.stage.viewerUrl(camera), clock, random)
    try {
      const joined = await this.stage.until(JOIN_LIMIT, () => viewer.joined)
      if (joined === undefined) throw new VmsError('VMS_E_TIMEOUT', `the gateway gave a viewer of ${camera} no picture`)
      return viewer
    } catch (error) {
      viewer.leave()
      throw error
    }
  }
}
