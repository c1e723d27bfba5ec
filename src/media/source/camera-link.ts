import type { Clock } from '../../kernel/clock.ts'
import { buildReceiverReport, type ReceptionReport } from '../../wire/rtp/index.ts'
import {
  type ActiveTrack,
  type DialogueStep,
  RtspClientDialogue,
  type RtspCredentials,
  type RtspMessage,
  RtspStreamParser,
} from '../../wire/rtsp/index.ts'
import type { SessionDescription } from '../../wire/sdp/index.ts'
import type { SlabPool } from '../memory/slab.ts'
import { chooseTracks } from './choose-tracks.ts'
import { type Connection, openConnection, type SharedReads } from './connection.ts'
import { endpointOf } from './endpoint.ts'
import { type AssemblerOptions, SessionAssembler } from './session-assembler.ts'
import { TrackReceiver } from './track-receiver.ts'

/** Milliseconds between receiver reports (RFC 3550 section 6.2 asks for 5 s at least). */
const REPORT_PERIOD = 5_000
const CNAME = 'vmsctl'

export interface LinkOptions {
  readonly url: string
  readonly credentials: RtspCredentials | undefined
  readonly verifyTls: boolean
  readonly userAgent: string
  readonly assembler: AssemblerOptions
  readonly pool: SlabPool
  readonly shared: SharedReads
  readonly clock: Clock
  readonly random: () => number
}

export interface LinkHandler {
  /** Bytes came; `now` is monotonic milliseconds. */
  bytes(now: number, count: number): void
  /** PLAY was answered. */
  playing(): void
  redirected(url: string): void
  /** The connection is over, for this reason. Comes at most once, and not after `stop`. */
  closed(reason: string): void
}

/** One RTSP connection to a camera, from the first SYN to the last FIN: dialogue, packets, reports. */
export class CameraLink {
  readonly #options: LinkOptions
  readonly #handler: LinkHandler
  readonly #dialogue: RtspClientDialogue
  readonly #parser: RtspStreamParser
  readonly #connection: Connection
  #assembler: SessionAssembler | undefined
  /** By interleaved channel: even ones RTP, the next one RTCP of the same track, as the camera answered. */
  readonly #rtp: (TrackReceiver | undefined)[] = []
  readonly #rtcp: (TrackReceiver | undefined)[] = []
  #active: readonly ActiveTrack[] = []
  #receivers: readonly TrackReceiver[] = []
  #now = 0
  #keepAlive = 0
  #keepAliveAt = 0
  #reportAt = 0
  #over = false
  #notes: readonly string[] = []
  #skipped = 0

  constructor(options: LinkOptions, handler: LinkHandler) {
    this.#options = options
    this.#handler = handler
    const { url, credentials, userAgent, random, verifyTls, shared, clock } = options
    this.#dialogue = new RtspClientDialogue({ url, credentials, userAgent, random })
    this.#parser = new RtspStreamParser({
      interleaved: (buffer, start, end, channel) => this.#interleaved(buffer, start, end, channel),
      message: message => this.#message(message),
      malformed: (reason, fatal) => {
        this.#skipped++
        if (fatal) this.#fail(`camera sends garbage: ${reason}`)
      },
    })
    this.#connection = openConnection({ ...endpointOf(url), verifyTls }, shared, {
      connected: () => this.#step(this.#dialogue.start()),
      bytes: (buffer, length) => {
        this.#now = clock.monotonic()
        handler.bytes(this.#now, length)
        this.#parser.push(buffer, length)
      },
      closed: reason => this.#fail(reason),
      patient: () => this.#patient(),
    })
  }

  /** What is set aside or strange, one sentence each. */
  get notes(): readonly string[] {
    const garbage = this.#skipped === 0 ? [] : [`camera sent garbage between packets ${this.#skipped} times`]
    return [...this.#notes, ...this.#dialogue.notes, ...garbage]
  }

  /** What the handshake waits for, for a time-out's message. */
  get waitingFor(): string {
    const method = this.#dialogue.waitingFor
    return method === undefined ? 'no answer' : `no answer to ${method}`
  }

  get tracks(): readonly ActiveTrack[] {
    return this.#active
  }

  get packetsLost(): number {
    return this.#receivers.reduce((sum, track) => sum + track.receiver.lost, 0)
  }

  get damaged(): number {
    return this.#receivers.reduce((sum, track) => sum + track.damagedUnits, 0)
  }

  /** Camera clock against ours by the video's sender reports. */
  get cameraClock(): { readonly offset: number | undefined; readonly drift: number | undefined } {
    const index = this.#active.findIndex(({ track }) => track.kind === 'video')
    const clock = this.#receivers[index]?.clock
    return { offset: clock?.offset, drift: clock?.drift }
  }

  /** Sends keep-alives and receiver reports when they are due. */
  tick(now: number): void {
    if (this.#over || this.#keepAlive === 0) return
    if (now >= this.#keepAliveAt) {
      this.#keepAliveAt = now + this.#keepAlive
      const bytes = this.#dialogue.keepAlive()
      if (bytes) this.#connection.write(bytes)
    }
    if (now >= this.#reportAt) {
      this.#reportAt = now + REPORT_PERIOD
      this.#sendReports(now)
    }
  }

  /** Ends it: TEARDOWN, then the connection. `reason` goes to the hub's readers. */
  stop(reason: string): void {
    if (this.#over) return
    const teardown = this.#dialogue.teardown()
    this.#close(reason)
    if (teardown) this.#connection.write(teardown)
    this.#connection.end()
  }

  /** Until it plays answers are waited for, and then the viewers' frames. */
  #patient(): boolean {
    const patient = this.#keepAlive > 0 && this.#options.assembler.hub.patient
    for (const { receiver } of this.#receivers) receiver.punctual = !patient
    return patient
  }

  #interleaved(buffer: Buffer, start: number, end: number, channel: number): void {
    const track = this.#rtp[channel]
    if (track) return track.packet(buffer, start, end, this.#now)
    const goodbye = this.#rtcp[channel]?.control(buffer, start, end, this.#now, this.#options.clock.wall())
    if (goodbye) this.#fail('camera ended the stream (BYE)')
  }

  #message(message: RtspMessage): void {
    if (!this.#over) this.#step(this.#dialogue.receive(message))
  }

  #step({ send, event }: DialogueStep): void {
    if (send) this.#connection.write(send)
    if (!event) return
    if (event.type === 'described') this.#described(event.description)
    else if (event.type === 'set-up') this.#setUp(event.tracks)
    else if (event.type === 'playing') {
      this.#keepAlive = event.keepAlive
      this.#keepAliveAt = this.#options.clock.monotonic() + event.keepAlive
      // Reports of 200 cameras that began together are spread over their period.
      this.#reportAt = this.#options.clock.monotonic() + REPORT_PERIOD * (0.5 + this.#options.random())
      this.#handler.playing()
    } else if (event.type === 'redirected') {
      this.#close('redirected')
      this.#connection.end()
      this.#handler.redirected(event.url)
    } else if (event.type === 'failed') this.#fail(event.failure.message)
    else if (event.type === 'announced') this.#fail('camera announced another stream')
  }

  #described(description: SessionDescription): void {
    const { tracks, notes } = chooseTracks(description.tracks)
    this.#notes = [...description.notes, ...notes]
    if (tracks.length === 0) return this.#fail('no video or audio in the session description')
    this.#description = description
    this.#step(this.#dialogue.setup(tracks))
  }

  #description: SessionDescription | undefined

  #setUp(active: readonly ActiveTrack[]): void {
    const description = this.#description!
    const parameters = active.map(({ track }) => description.parameters[description.tracks.indexOf(track)])
    const tracks = active.map(({ track }, index) => [track, parameters[index]] as const)
    const assembler = new SessionAssembler(tracks, this.#options.assembler)
    this.#assembler = assembler
    this.#active = active
    this.#receivers = active.map(({ track, rtpChannel, rtcpChannel }, index) => {
      const receiver = new TrackReceiver(index, track, parameters[index], assembler, this.#options.pool)
      this.#rtp[rtpChannel] = receiver
      this.#rtcp[rtcpChannel] = receiver
      return receiver
    })
    assembler.announce()
    this.#parser.channels = Math.max(...active.map(track => Math.max(track.rtpChannel, track.rtcpChannel))) + 1
  }

  #sendReports(now: number): void {
    this.#active.forEach(({ rtcpChannel }, index) => {
      const report: ReceptionReport | undefined = this.#receivers[index]!.report(now)
      if (!report) return
      const packet = buildReceiverReport({ ssrc: (report.ssrc ^ 0x76_6d_73_63) >>> 0, reports: [report], cname: CNAME })
      const frame = Buffer.allocUnsafe(4 + packet.length)
      frame[0] = 0x24
      frame[1] = rtcpChannel
      frame.writeUInt16BE(packet.length, 2)
      packet.copy(frame, 4)
      this.#connection.write(frame)
    })
  }

  #fail(reason: string): void {
    if (this.#over) return
    const teardown = this.#dialogue.teardown()
    this.#close(reason)
    if (teardown) this.#connection.write(teardown)
    this.#connection.end()
    this.#handler.closed(reason)
  }

  #close(reason: string): void {
    this.#over = true
    this.#parser.stop()
    for (const receiver of this.#receivers) receiver.close()
    this.#assembler?.close(reason)
  }
}
