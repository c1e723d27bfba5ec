import { Agent, get } from 'node:http'

/** Milliseconds in which an answer must begin: longer than any blocked reload. */
const ANSWER_TIME = 30_000

/** What joining took, milliseconds since the first request. */
export interface Joined {
  /** The playlist that names the pieces had come. */
  readonly playlist: number
  /** The first bytes of a key frame had come: of the piece with which a decoder can begin. */
  readonly keyFrame: number
}

/** A low-latency HLS player without a decoder: asks for what a browser would, in the same order, and throws it away. */
export class HlsViewer {
  bytes = 0
  parts = 0
  readonly #agent = new Agent({ keepAlive: true })
  readonly #index: URL
  /** Address and text of the playlist that was read last. */
  #live: URL | undefined
  #playlist = ''
  #stopped = false

  constructor(index: string) {
    this.#index = new URL(index)
  }

  /** Rejects with the status of an answer that says no. */
  async join(): Promise<Joined> {
    const began = performance.now()
    const child = (await this.#text(this.#index)).trim().split('\n').at(-1)!
    const live = new URL(child, this.#index)
    const text = await this.#text(live)
    const playlist = performance.now() - began
    const init = /#EXT-X-MAP:URI="([^"]+)"(?![\s\S]*#EXT-X-MAP)/.exec(text)![1]!
    const start = [...text.matchAll(/URI="([^"]+)",INDEPENDENT=YES/g)].at(-1)![1]!
    await this.#fetch(new URL(init, live))
    const keyFrame = (await this.#fetch(new URL(start, live))) - began
    this.#live = live
    this.#playlist = text
    return { playlist, keyFrame }
  }

  /** Plays on until `stop`. */
  async play(): Promise<void> {
    const live = this.#live!
    let seen = new Set(partsOf(this.#playlist))
    while (!this.#stopped) {
      const text = await this.#text(new URL(`?${nextOf(this.#playlist)}`, live))
      const fresh = partsOf(text).filter(part => !seen.has(part))
      for (const part of fresh) {
        await this.#fetch(new URL(part, live))
        this.parts++
      }
      seen = new Set(partsOf(text))
      this.#playlist = text
    }
  }

  stop(): void {
    this.#stopped = true
    this.#agent.destroy()
  }

  async #text(url: URL): Promise<string> {
    const chunks: Buffer[] = []
    await this.#fetch(url, chunks)
    return Buffer.concat(chunks).toString()
  }

  /** Gives when the first byte of the body came. */
  #fetch(url: URL, into?: Buffer[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let first = 0
      const request = get(url, { agent: this.#agent, timeout: ANSWER_TIME }, answer => {
        answer.on('data', (chunk: Buffer) => {
          first ||= performance.now()
          this.bytes += chunk.length
          into?.push(chunk)
        })
        answer.once('end', () =>
          answer.statusCode === 200 ? resolve(first) : reject(new Error(`${answer.statusCode} ${url.pathname}`)),
        )
      })
      request.once('error', reject)
      request.once('timeout', () => request.destroy(new Error('no answer')))
    })
  }
}

function partsOf(playlist: string): string[] {
  return [...playlist.matchAll(/#EXT-X-PART:[^\n]*URI="([^"]+)"/g)].map(([, uri]) => uri!)
}

/** The query by which a player waits for the next part (RFC 8216bis section 6.2.5.2). */
function nextOf(playlist: string): string {
  const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)![1])
  const segments = [...playlist.matchAll(/^#EXTINF/gm)].length
  const open = playlist.slice(playlist.lastIndexOf('#EXTINF'))
  return `_HLS_msn=${first + segments}&_HLS_part=${partsOf(open).length}`
}
