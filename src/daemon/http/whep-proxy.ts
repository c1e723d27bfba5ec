import { randomBytes } from 'node:crypto'
import type { StreamRole } from '../../media/frame.ts'
import type { WebRtcRelay } from '../viewing/viewing-desk.ts'

/** Milliseconds in which MediaMTX has to answer: it pulls the stream first. */
const ANSWER_TIME = 12_000
/** Bytes of an answer. */
const ANSWER_BYTES = 256 * 1024
/** Sessions whose address is known; an older one ends by itself when its viewer is gone. */
const REMEMBERED = 2_000

interface WhepSession {
  readonly url: string
  readonly authorization: string | undefined
}

/**
 * Hands WHEP offers of the watch page to MediaMTX at this machine, and its answers back: so the page speaks to its own site alone,
 * no token leaves its cookie, and MediaMTX's HTTP port need not face the network. Media go their own way.
 */
export class WhepProxy {
  readonly #sessions = new Map<string, WhepSession>()

  /** The answer to an offer, and the name by which the session is ended. Or what MediaMTX says to it, with its status. */
  async offer(
    relay: WebRtcRelay,
    { camera, stream }: { readonly camera: string; readonly stream: StreamRole },
    sdp: string,
    token: string | undefined,
  ): Promise<{ readonly answer: string; readonly id: string } | { readonly status: number; readonly reason: string }> {
    const url = relay.whepUrl(camera, stream)
    const shown = token ?? relay.ticket?.(camera)
    const authorization = shown === undefined ? undefined : `Bearer ${shown}`
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp', ...(authorization === undefined ? {} : { authorization }) },
        body: sdp,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIME),
      })
      if (answer.status !== 201) {
        await answer.body?.cancel()
        return { status: answer.status >= 400 ? answer.status : 502, reason: `MediaMTX answers ${answer.status}` }
      }
      const text = await readLimited(answer)
      if (text === undefined) return { status: 502, reason: 'MediaMTX answers with no end' }
      return { answer: text, id: this.#remember(answer.headers.get('location'), url, authorization) }
    } catch (error) {
      const late = (error as Error).name === 'TimeoutError'
      return {
        status: late ? 504 : 502,
        reason: late ? 'MediaMTX does not answer in time' : 'MediaMTX does not answer',
      }
    }
  }

  /** Ends a session; one that is not known is over. */
  async end(id: string): Promise<void> {
    const session = this.#sessions.get(id)
    this.#sessions.delete(id)
    if (!session) return
    const { url, authorization } = session
    const headers = authorization === undefined ? {} : { authorization }
    const signal = AbortSignal.timeout(ANSWER_TIME)
    await fetch(url, { method: 'DELETE', headers, redirect: 'manual', signal })
      .then(answer => answer.body?.cancel())
      .catch(() => {})
  }

  #remember(location: string | null, base: string, authorization: string | undefined): string {
    const id = randomBytes(12).toString('hex')
    const url = location === null ? null : URL.parse(location, base)
    // Nowhere but where the offer went.
    if (!url || url.origin !== new URL(base).origin) return id
    if (this.#sessions.size >= REMEMBERED) this.#sessions.delete(this.#sessions.keys().next().value!)
    this.#sessions.set(id, { url: url.href, authorization })
    return id
  }
}

/** The text of an answer; undefined where it is longer than one can be. */
async function readLimited({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > ANSWER_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
