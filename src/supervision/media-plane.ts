import type { AccessRules } from '../access/index.ts'
import { type Clock, sleep } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import type { StreamRole } from '../media/frame.ts'
import type { OpenedStream, StreamRef, ViewerSession } from '../media/worker/protocol.ts'
import { RequestRefused } from './control-client.ts'
import type { WorkerSlot } from './worker-slot.ts'

/** Who watches, as far as the workers say. */
export interface LiveSessions {
  readonly sessions: readonly ViewerSession[]
  /** Cameras whose worker did not answer: of their viewers nothing is known, which is not that there are none. */
  readonly unknown: ReadonlySet<string>
}

/** The streams of all workers of this node, as those see them who decide what is up. Routes by camera. */
export interface MediaPlane {
  /**
   * The whole set of streams that are wanted up from now on. Workers are told soon, and again after they were restarted or
   * adopted; nothing is told before the first call.
   */
  hold(streams: readonly StreamRef[]): void
  /**
   * Waits until a stream plays, 10 s at most, also for a worker that is just being restarted. Rejects with
   * VMS_E_CAMERA_NOT_FOUND, or VMS_E_REMOTE whose message is the reason; VMS_E_INTERRUPTED when `signal` aborts first. It
   * does not hold the stream beyond that.
   */
  open(camera: string, stream: StreamRole, signal: AbortSignal): Promise<OpenedStream>
  /** Everybody who watches now. Never rejects. */
  sessions(): Promise<LiveSessions>
  /** Ends a session; false when no worker that answers has it. Never rejects. */
  endSession(id: string, reason: string): Promise<boolean>
  /** Which tokens hold from now on. */
  access(rules: AccessRules): void
}

/** Milliseconds in which a stream must play, and a little more for the worker's own answer that it does not. */
const OPEN_TIME = 10_000
const ANSWER_TIME = 1_000
/** Milliseconds in which a worker says who watches. */
const SESSIONS_TIME = 2_000
/** Between two looks whether a worker is there. */
const LOOK_PERIOD = 50

/** The media plane of a supervisor's workers. */
export class WorkerMediaPlane implements MediaPlane {
  readonly #clock: Clock
  readonly #slots: () => readonly WorkerSlot[]
  #held: readonly StreamRef[] | undefined
  #access: AccessRules | undefined

  constructor(clock: Clock, slots: () => readonly WorkerSlot[]) {
    this.#clock = clock
    this.#slots = slots
  }

  hold(streams: readonly StreamRef[]): void {
    this.#held = streams
    this.tellAll()
  }

  access(rules: AccessRules): void {
    this.#access = rules
    this.tellAll()
  }

  /** Tells every worker what concerns it; to be called when cameras have moved. */
  tellAll(): void {
    for (const slot of this.#slots()) {
      const own = new Set(slot.cameras)
      slot.tell({ held: this.#held?.filter(({ camera }) => own.has(camera)), access: this.#access })
    }
  }

  async open(camera: string, stream: StreamRole, signal: AbortSignal): Promise<OpenedStream> {
    const end = this.#clock.monotonic() + OPEN_TIME
    for (;;) {
      const slot = await this.#reach(camera, end, signal)
      const left = end + ANSWER_TIME - this.#clock.monotonic()
      try {
        return await abortable(slot.ask<OpenedStream>({ type: 'open', camera, stream }, left), signal)
      } catch (error) {
        if (error instanceof RequestRefused) throw refusal(error)
        // A worker that died meanwhile has a successor in a moment.
        if (!isLost(error) || this.#clock.monotonic() >= end) throw error
      }
    }
  }

  async sessions(): Promise<LiveSessions> {
    const unknown = new Set<string>()
    const asked = this.#slots().map(async slot => {
      try {
        return await slot.ask<readonly ViewerSession[]>({ type: 'sessions' }, SESSIONS_TIME)
      } catch {
        for (const camera of slot.cameras) unknown.add(camera)
        return []
      }
    })
    return { sessions: (await Promise.all(asked)).flat(), unknown }
  }

  async endSession(session: string, reason: string): Promise<boolean> {
    const request = { type: 'end-session', session, reason } as const
    const asked = this.#slots().map(slot => slot.ask<boolean>(request, SESSIONS_TIME).catch(() => false))
    return (await Promise.all(asked)).includes(true)
  }

  /** The worker of a camera, as soon as it can be asked; not after `end`, monotonic milliseconds. */
  async #reach(camera: string, end: number, signal: AbortSignal): Promise<WorkerSlot> {
    for (;;) {
      const slot = this.#slots().find(each => each.cameras.includes(camera))
      if (!slot) throw new VmsError('VMS_E_CAMERA_NOT_FOUND', `no media worker has the camera ${camera}`)
      if (slot.reachable) return slot
      if (this.#clock.monotonic() >= end)
        throw new VmsError(
          'VMS_E_REMOTE',
          `the media worker of this camera is away: ${slot.view().trouble ?? 'it starts'}`,
        )
      await sleep(this.#clock, LOOK_PERIOD, signal)
      if (signal.aborted) throw interrupted()
    }
  }
}

/** Rejects with VMS_E_INTERRUPTED as soon as nobody waits any more; what comes of `work` is then dropped. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(interrupted())
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function refusal(error: RequestRefused): VmsError {
  const old = error.message.startsWith('no such request')
  const reason = old ? 'the media worker of this camera is of an older vmsctl' : error.message
  return new VmsError('VMS_E_REMOTE', reason, { cause: error })
}

/** The connection to the worker ended before the answer. */
function isLost(error: unknown): boolean {
  return error instanceof VmsError && error.code === 'VMS_E_REMOTE'
}

function interrupted(): VmsError {
  return new VmsError('VMS_E_INTERRUPTED', 'nobody waits for the stream any more')
}
