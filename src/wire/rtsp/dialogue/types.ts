import type { SessionDescription } from '../../sdp/index.ts'
import type { Track } from '../../track.ts'
import type { RtspCredentials } from '../auth/authenticator.ts'
import type { DialogueFailure } from './failure.ts'

export interface DialogueOptions {
  /** rtsp: or rtsps: URL; user info in it is ignored and never sent. */
  readonly url: string
  readonly credentials?: RtspCredentials | undefined
  /** User-Agent line. */
  readonly userAgent: string
  /** Numbers in [0, 1), for client nonces. */
  readonly random: () => number
}

/** A track that is set up, and its place among the interleaved packets. */
export interface ActiveTrack {
  readonly track: Track
  readonly rtpChannel: number
  readonly rtcpChannel: number
  /** As the Transport answer announced it; cameras also send another. */
  readonly ssrc: number | undefined
  /** Of the first packet, from RTP-Info; undefined until PLAY is answered, or where the server does not say. */
  readonly firstSequence: number | undefined
  readonly firstTimestamp: number | undefined
}

/** What the caller must know or do. */
export type DialogueEvent =
  /** Choose tracks and call `setup`. */
  | { readonly type: 'described'; readonly description: SessionDescription }
  /** PLAY is on its way and packets may come from now on: prepare for these channels. */
  | { readonly type: 'set-up'; readonly tracks: readonly ActiveTrack[] }
  /** Call `keepAlive` every `keepAlive` milliseconds. */
  | { readonly type: 'playing'; readonly tracks: readonly ActiveTrack[]; readonly keepAlive: number }
  /** The camera announced other media in mid-stream. */
  | { readonly type: 'announced'; readonly description: SessionDescription }
  /** Open another connection to `url`, and close this one. */
  | { readonly type: 'redirected'; readonly url: string }
  /** It is over; close the connection. */
  | { readonly type: 'failed'; readonly failure: DialogueFailure }
  /** TEARDOWN was answered; close the connection. */
  | { readonly type: 'ended' }

/** Bytes to write to the connection, if any, and what happened, if anything. */
export interface DialogueStep {
  readonly send: Buffer | undefined
  readonly event: DialogueEvent | undefined
}

export const NOTHING: DialogueStep = { send: undefined, event: undefined }
