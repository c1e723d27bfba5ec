import type { Duplex } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import type { PresentationHold } from './presentation-hold.ts'
import type { PeerAddress, Player, RequestTarget, RtspSession, TrackTransport, Visitor } from './types.ts'
import { UdpPacer } from './udp-pacer.ts'
import type { UdpPair } from './udp-pair.ts'

/** The side of a connection that an interleaved session sends through. */
export interface InterleavedLink {
  readonly stream: Duplex
  /** What is written is encrypted first. */
  readonly secure: boolean
  /** Bytes not taken by the kernel. */
  readonly pending: number
  write(bytes: Buffer): void
  close(reason: string): void
}

export interface ServerSessionOptions {
  readonly id: string
  readonly target: RequestTarget
  /** URL of the presentation, as the client writes it. */
  readonly base: string
  readonly peer: PeerAddress
  readonly visitor: Visitor | undefined
  readonly userAgent: string | undefined
  readonly hold: PresentationHold
  /** Undefined for a session over UDP. */
  readonly link: InterleavedLink | undefined
  readonly clock: Clock
  /** Called once, when the session is over. */
  readonly onEnd: (session: ServerSession, reason: string) => void
}

/** One session of a client: its tracks' transports, and the player while it plays. */
export class ServerSession implements RtspSession {
  readonly id: string
  readonly target: RequestTarget
  readonly peer: PeerAddress
  readonly visitor: Visitor | undefined
  readonly userAgent: string | undefined
  readonly base: string
  readonly hold: PresentationHold
  readonly tracks: (TrackTransport | undefined)[]
  player: Player | undefined
  /** Monotonic milliseconds of the last sign of life: a request, or RTCP. */
  lastHeard = 0
  /** Monotonic milliseconds of the last sender reports. */
  lastReport = 0
  /** The connection that set it up is gone; RTCP alone keeps it (UDP). */
  orphaned = false
  readonly #link: InterleavedLink | undefined
  readonly #onEnd: (session: ServerSession, reason: string) => void
  readonly #pacer: UdpPacer
  readonly #pairs: (UdpPair | undefined)[] = []
  #ended = false

  constructor(options: ServerSessionOptions) {
    this.id = options.id
    this.target = options.target
    this.base = options.base
    this.peer = options.peer
    this.visitor = options.visitor
    this.userAgent = options.userAgent
    this.hold = options.hold
    this.tracks = options.hold.content.controls.map(() => undefined)
    this.#link = options.link
    this.#onEnd = options.onEnd
    this.#pacer = new UdpPacer(options.clock, (packets, at) => this.#sendDatagram(packets, at))
  }

  get udp(): boolean {
    return this.#link === undefined
  }

  get ended(): boolean {
    return this.#ended
  }

  get stream(): Duplex | undefined {
    return this.#link?.stream
  }

  get pending(): number {
    return this.#link ? this.#link.pending : this.#pacer.pending + this.#socketsPending
  }

  /** Adds a track's transport, with its sockets for UDP. */
  setTrack(index: number, transport: TrackTransport, pair?: UdpPair): void {
    if (this.#ended) return pair?.close()
    this.tracks[index] = transport
    this.#pairs[index] = pair
  }

  /** True when a track of the session already uses one of the channels. */
  usesChannel(rtp: number, rtcp: number): boolean {
    return this.tracks.some(track => {
      const used = track ? [track.rtpChannel, track.rtcpChannel] : []
      return used.includes(rtp) || used.includes(rtcp)
    })
  }

  send(packets: Buffer): boolean {
    if (this.#ended) return true
    if (this.#link?.secure) {
      // Encryption always takes its time; a copy lets the caller have its buffer back.
      this.#link.write(Buffer.from(packets))
      return true
    }
    if (this.#link) {
      this.#link.write(packets)
      return this.#link.pending === 0
    }
    this.#pacer.send(packets)
    return this.#socketsPending === 0
  }

  /** RTCP from the client on a channel; false when the channel is not one of the session's for RTCP. */
  receive(channel: number, bytes: Buffer, start: number, end: number): boolean {
    const index = this.tracks.findIndex(track => track?.rtcpChannel === channel)
    if (index < 0) return false
    this.player?.rtcp?.(index, bytes, start, end)
    return true
  }

  close(reason: string): void {
    this.end(reason)
    this.#link?.close(reason)
  }

  /** Stops the player; the session stays and may play again. */
  pause(): void {
    const player = this.player
    this.player = undefined
    player?.stop()
  }

  /** Gives back all that the session holds, leaving its connection open. */
  end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.pause()
    this.#pacer.close()
    for (const pair of this.#pairs) pair?.close()
    this.hold.release()
    this.#onEnd(this, reason)
  }

  get #socketsPending(): number {
    let bytes = 0
    for (const pair of this.#pairs) if (pair) bytes += pair.pending
    return bytes
  }

  #sendDatagram(packets: Buffer, at: number): void {
    const channel = packets[at + 1]!
    const length = (packets[at + 2]! << 8) | packets[at + 3]!
    const pair = this.#pairs[channel >> 1]
    if (channel & 1) pair?.sendRtcp(packets, at + 4, length)
    else pair?.sendRtp(packets, at + 4, length)
  }
}
