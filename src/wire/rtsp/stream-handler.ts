import type { RtspMessage } from './message.ts'

/** Takes what a stream parser finds. All calls come synchronously from inside `push`. */
export interface RtspStreamHandler {
  /**
   * One interleaved packet (RFC 2326 section 10.12), its RTP or RTCP bytes in `buffer[start, end)`, good only during the
   * call. `buffer` is the chunk itself wherever the packet lies whole in it.
   */
  interleaved(buffer: Buffer, start: number, end: number, channel: number): void
  message(message: RtspMessage): void
  /** Bytes were skipped or a message was unreadable. After a fatal one the parser ignores everything: close the connection. */
  malformed(reason: string, fatal: boolean): void
}

/** Upper bounds of what a peer may send. */
export interface RtspStreamLimits {
  /** Bytes of start line and headers; 64 KB by default. */
  readonly head: number
  /** Header lines; 128 by default. */
  readonly lines: number
  /** Bytes of a body; 1 MB by default. */
  readonly body: number
  /** Bytes in a row that belong to nothing before the parser gives up; 256 KB by default. */
  readonly junk: number
}

export const DEFAULT_STREAM_LIMITS: RtspStreamLimits = { head: 65_536, lines: 128, body: 1_000_000, junk: 262_144 }
