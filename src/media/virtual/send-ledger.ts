/** Frames that were sent without a number left out between them, both ends included. */
export interface SentRange {
  first: number
  last: number
}

/** What one viewer of a stream was sent. */
export interface SentSession {
  /** Address and port of the viewer. */
  readonly client: string
  /** Wall-clock milliseconds. */
  readonly started: number
  ended: number | null
  /** Whole frames. */
  frames: number
  bytes: number
  /** Frames of which packets were left out on purpose. */
  cut: number
  /** Bytes that the kernel had not taken when the session ended: frames in them were not sent. */
  unsent: number
  /** Whole frames by number. The last of 10 000 ranges takes in all that follows. */
  readonly ranges: SentRange[]
}

/** Ranges that are kept of a session; later ones are not told apart. */
const RANGE_LIMIT = 10_000
/** Sessions that are kept of a stream: the newest. */
const SESSION_LIMIT = 256

/** What a stream sent to whom. */
export class SendLedger {
  readonly sessions: SentSession[] = []

  open(client: string, started: number): SentSession {
    const session = { client, started, ended: null, frames: 0, bytes: 0, cut: 0, unsent: 0, ranges: [] }
    this.sessions.push(session)
    if (this.sessions.length > SESSION_LIMIT) this.sessions.shift()
    return session
  }
}

/** Notes a whole frame. */
export function noteFrame(session: SentSession, number: number): void {
  session.frames++
  const last = session.ranges[session.ranges.length - 1]
  if (last && (last.last + 1 === number || session.ranges.length >= RANGE_LIMIT)) last.last = number
  else session.ranges.push({ first: number, last: number })
}
