import type { Duplex } from 'node:stream'
import type { Grant } from '../../access/index.ts'
import type { RtspRequest } from '../../wire/rtsp/index.ts'

/** Who is at the other end of an RTSP connection. Behind a splice this is the client, not the worker in between. */
export interface PeerAddress {
  readonly address: string
  readonly port: number
}

/** Both ends of a connection, as the client sees them. */
export interface ConnectionAddress {
  readonly remote: PeerAddress
  readonly local: PeerAddress
  /** The connection is encrypted. */
  readonly secure?: boolean
}

/** A URL as a client wrote it, taken apart: `rtsp://host/gate-1/main?x=1` has path `/gate-1/main` and query `x=1`. */
export interface RequestTarget {
  /** Begins with `/`; percent-decoded; never ends in `/`, except the root. */
  readonly path: string
  /** Without `?`; empty if absent. */
  readonly query: string
}

/** Why a request is not served. `reason` becomes the Reason-Phrase and is read by people: one line, no secrets. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

/** Who is at the other end of a connection, as far as the handler knows. */
export interface Visitor {
  readonly user: string | null
  /** The token that lets them in; undefined where none is needed. */
  readonly grant: Grant | undefined
  /** A program of ours, not a person. */
  readonly relay: boolean
}

/** A request that is to be let in, or not. */
export interface AdmitRequest {
  readonly request: RtspRequest
  /** Undefined for `*`, and for what is no RTSP URL. */
  readonly target: RequestTarget | undefined
  readonly peer: PeerAddress
  /** Who was let in on this connection last. */
  readonly visitor: Visitor | undefined
}

export type Admission = { readonly visitor: Visitor } | Denial

/** A refusal with the values of its WWW-Authenticate lines, for 401. */
export interface Denial extends Refusal {
  readonly challenges?: readonly string[]
}

/** Decides what a server serves. One handler serves all connections of a server. */
export interface RtspHandler {
  /** Asked before every request but OPTIONS, in place of the server's own login. Must not reject. */
  admit?(request: AdmitRequest): Promise<Admission>
  /**
   * Content for a DESCRIBE (or for a SETUP that came without one). May wait for a stream to start. When `request.signal`
   * aborts nobody waits for the answer any more; a presentation that is returned nevertheless is released.
   */
  describe(request: DescribeRequest): Promise<Presentation | Refusal>
  /**
   * Asked once per connection, with the first request that names a path. True: the handler has taken `stream` over
   * (`received` is what was read from it, beginning with that request); the layer forgets it.
   */
  divert?(target: RequestTarget, stream: Duplex, received: Buffer, address: ConnectionAddress): boolean
}

export interface DescribeRequest extends RequestTarget {
  readonly peer: PeerAddress
  readonly signal: AbortSignal
}

/** Something that can be played. The layer releases it exactly once: when no connection or session holds it any more. */
export interface Presentation {
  /** Complete session description; each media section has `a=control:` with the name that `controls` gives. */
  readonly sdp: string
  /** Control name of each track, in the order of the media sections: `trackID=0`, `trackID=1`. */
  readonly controls: readonly string[]
  /** A PLAY: nothing may be sent before the layer, having answered, calls `start` of the player. */
  play(session: RtspSession): Player | Refusal
  release(): void
}

/** One playing session, from PLAY to PAUSE, TEARDOWN, or the loss of the client. */
export interface Player {
  /** First sequence number and timestamp of each track (undefined: not set up, or not known), for RTP-Info. */
  readonly starts: readonly (RtpStart | undefined)[]
  /** Value of the Range header of the answer; `npt=now-` for live. */
  readonly range: string
  /** The answer to PLAY is on its way: packets may follow. */
  start(): void
  /** Packets must not follow any more. Called exactly once. */
  stop(): void
  /** What a sender report of a track says now, or undefined when nothing was sent yet. Asked every 5 s. */
  report(track: number): SenderState | undefined
  /** RTCP of the reader: one UDP datagram or interleaved packet, `bytes[start, end)`; good during the call only. */
  rtcp?(track: number, bytes: Buffer, start: number, end: number): void
}

export interface RtpStart {
  readonly sequence: number
  readonly timestamp: number
}

/** Content of a sender report (RFC 3550 section 6.4.1). */
export interface SenderState {
  /** RTP timestamp that belongs to `wall`. */
  readonly timestamp: number
  /** Wall-clock milliseconds since the epoch. */
  readonly wall: number
  readonly packets: number
  /** Payload bytes. */
  readonly octets: number
}

/** How one track of a session goes to the client. */
export interface TrackTransport {
  readonly kind: 'tcp' | 'udp'
  /** Channel that the interleaved header of the track's RTP packets must have. UDP sessions have made-up channels. */
  readonly rtpChannel: number
  readonly rtcpChannel: number
  /** SSRC that the client was told. */
  readonly ssrc: number
}

/** A client's session, as content sees it. */
export interface RtspSession {
  readonly id: string
  readonly target: RequestTarget
  readonly peer: PeerAddress
  /** Who set it up; undefined where nobody asks. */
  readonly visitor: Visitor | undefined
  /** What the client calls itself: one line, 200 characters at most. */
  readonly userAgent: string | undefined
  /** By position in `Presentation.controls`; undefined for a track that the client did not set up. */
  readonly tracks: readonly (TrackTransport | undefined)[]
  /** Bytes that were sent and that the kernel has not taken yet. For bounding: the layer itself never drops. */
  readonly pending: number
  /** The connection of an interleaved session, for raw access (tests, fault injection); undefined for UDP. */
  readonly stream: Duplex | undefined
  /**
   * Sends whole packets, each behind its interleaved header (`$`, channel, length; RFC 2326 section 10.12), any number of
   * them in `packets`. TCP writes the buffer as it is; UDP sends each packet as a datagram. True: the kernel has all of it
   * and the caller may overwrite the buffer. False: the layer keeps the buffer, the caller must not touch it again.
   */
  send(packets: Buffer): boolean
  /** Ends the session, and an interleaved session's connection, at once. `reason` is for the log. */
  close(reason: string): void
}

/** Bounds of what clients may cost. */
export interface RtspServerLimits {
  /** Connections at once; more are closed as they come. */
  readonly connections: number
  readonly sessionsPerConnection: number
  /** Tracks of a session. */
  readonly tracks: number
  /** Milliseconds from the first byte of a request to its last. */
  readonly requestTime: number
  /** Milliseconds without a request on a connection that plays nothing. */
  readonly idleTime: number
  /** Milliseconds without RTSP or RTCP after which a UDP session ends; told to clients in the Session header. */
  readonly sessionTime: number
  /** Milliseconds that a client may leave unread what was sent to it. */
  readonly stallTime: number
}

export const DEFAULT_LIMITS: RtspServerLimits = {
  connections: 2_000,
  sessionsPerConnection: 4,
  tracks: 8,
  requestTime: 10_000,
  idleTime: 60_000,
  sessionTime: 60_000,
  stallTime: 30_000,
}
