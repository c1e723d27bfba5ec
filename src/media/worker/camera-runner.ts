import type { Clock } from '../../kernel/clock.ts'
import type { StreamRole } from '../frame.ts'
import type { SourceStatus } from '../source/index.ts'
import { OnDemandStream, type SourceMaker } from './on-demand-stream.ts'
import type { CameraStatus, RecordingStatus, StreamStatus, WantedCamera, WantedStream } from './protocol.ts'
import { Recording, type RecordingContext } from './recording.ts'
import type { HoldEnd } from './stream-demand.ts'

/** What a camera needs of its worker. */
export interface RunnerContext {
  readonly makeSource: (camera: string) => SourceMaker
  readonly recording: RecordingContext
  /** Milliseconds that a stream outlives its last reader, where its camera does not say. */
  readonly linger: () => number
  /** What the readers of a stream got and did not get. */
  readonly totals: (camera: string, stream: StreamRole) => { readonly bytes: number; readonly dropped: number }
  readonly clock: Clock
}

/** One camera in this worker: its streams and its recording, as the daemon wants them. */
export class CameraRunner {
  readonly #context: RunnerContext
  readonly main: OnDemandStream
  sub: OnDemandStream | undefined
  #wanted: WantedCamera
  #recording: Recording | undefined
  #stopping: Promise<void> = Promise.resolve()

  constructor(wanted: WantedCamera, context: RunnerContext) {
    this.#wanted = wanted
    this.#context = context
    this.main = this.#makeStream('main', wanted.main, wanted.resume)
    this.#applySub()
    if (wanted.record) this.#record()
  }

  /** Brings the camera to what is wanted now; what has not changed goes on undisturbed. */
  apply(wanted: WantedCamera): void {
    const before = this.#wanted
    this.#wanted = wanted
    this.main.update(wanted.main)
    this.#applySub()
    const engineChanged = wanted.engine !== before.engine
    if (this.#recording && (!wanted.record || engineChanged))
      this.#endRecording(wanted.record ? 'engine changed' : 'stopped')
    if (wanted.record && !this.#recording) this.#record()
  }

  /** Which of its streams the daemon wants up; `end` says how those came to their end that it does not any more. */
  hold(isHeld: (stream: StreamRole) => boolean, end: HoldEnd): void {
    this.main.setHeld(isHeld('main'), end)
    this.sub?.setHeld(isHeld('sub'), end)
  }

  /** Ends the present recording and begins another, with the context's new settings. */
  renewRecording(): void {
    if (!this.#recording) return
    this.#endRecording('storage settings changed')
    this.#record()
  }

  tick(now: number): void {
    this.main.tick(now)
    this.sub?.tick(now)
    this.#recording?.tick()
  }

  status(): CameraStatus {
    const { id } = this.#wanted
    const recorders = this.#recording ? 1 : 0
    return {
      id,
      main: this.#stream(this.main, 'main', this.main.hub.readers - recorders),
      sub: this.sub && this.#stream(this.sub, 'sub', this.sub.hub.readers),
      recording: this.#recording?.status() ?? NOT_RECORDING,
    }
  }

  /** Everything is on disk and every session torn down when this resolves. */
  async close(reason: string): Promise<void> {
    const readsGateway = this.#recording?.engine === 'ffmpeg'
    if (this.#recording) this.#endRecording(reason)
    // ffmpeg waits for its next packet before it ends in order: let it have one.
    if (readsGateway) await this.#stopping
    this.main.close(reason)
    this.sub?.close(reason)
    await this.#stopping
  }

  #applySub(): void {
    const { sub } = this.#wanted
    if (sub && this.sub) this.sub.update(sub)
    else if (sub) this.sub = this.#makeStream('sub', sub, false)
    else {
      this.sub?.close('no longer configured')
      this.sub = undefined
    }
  }

  #makeStream(role: StreamRole, wanted: WantedStream, resume: boolean): OnDemandStream {
    const { linger, clock, makeSource } = this.#context
    return new OnDemandStream({
      role,
      wanted,
      resume,
      make: makeSource(this.#wanted.id),
      linger: () => this.#wanted.linger ?? linger(),
      clock,
    })
  }

  #record(): void {
    const { id, engine, resume } = this.#wanted
    this.#recording = new Recording({ camera: id, hub: this.main.hub, engine, resume }, this.#context.recording)
  }

  #endRecording(reason: string): void {
    const before = this.#stopping
    const ending = this.#recording?.stop(reason)
    this.#recording = undefined
    this.#stopping = Promise.all([before, ending]).then(() => {})
  }

  #stream(stream: OnDemandStream, role: StreamRole, readers: number): StreamStatus {
    const { totals, clock } = this.#context
    const { bytes, dropped } = totals(this.#wanted.id, role)
    return { ...(stream.status() ?? idle(clock)), readers, framesDropped: dropped, bytesOut: bytes }
  }
}

const NOT_RECORDING: RecordingStatus = {
  wanted: false,
  engine: 'native',
  fallback: null,
  active: false,
  reason: null,
  segment: null,
  segments: 0,
  bytesWritten: 0,
  framesWritten: 0,
  lastWritten: null,
  lost: {},
}

function idle(clock: Clock): SourceStatus {
  return {
    state: 'idle',
    reason: null,
    since: clock.wall(),
    retryIn: null,
    codec: null,
    audio: null,
    width: null,
    height: null,
    bFrames: null,
    fps: null,
    bitrate: null,
    gop: null,
    keyFrameAge: null,
    framesReceived: 0,
    packetsLost: 0,
    damaged: 0,
    clockOffset: null,
    clockDrift: null,
    reconnects: 0,
    notes: [],
  }
}
