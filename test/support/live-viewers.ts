import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type BrowserServer, chromium, type Page } from 'playwright-core'
import { sleep, systemClock } from '../../src/kernel/clock.ts'

/** Somebody who watches, really: its pictures or bytes are counted. Times are wall-clock milliseconds. */
export interface LiveViewer {
  /** Frames decoded, or (HLS) segments and parts fetched. */
  progress(): Promise<number>
  /** Goes away without a word; gives when it was there last. */
  vanish(): Promise<number>
}

/** Waits until it has got more than `more` than it has now. */
export async function watchOn(viewer: LiveViewer, more: number, seconds = 15): Promise<void> {
  const before = await viewer.progress()
  for (const end = systemClock.monotonic() + seconds * 1_000; ; await sleep(systemClock, 100)) {
    const now = await viewer.progress()
    if (now > before + more) return
    if (systemClock.monotonic() > end)
      throw new Error(`not in ${seconds} s: ${before} became ${now}, and not ${more} more`)
  }
}

/** ffmpeg by RTSP over TCP. */
export class RtspViewer implements LiveViewer {
  readonly child: ChildProcess
  #frames = 0

  constructor(url: string) {
    const quiet = ['-nostdin', '-loglevel', 'error', '-progress', 'pipe:1', '-stats_period', '0.1']
    const argv = [...quiet, '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-']
    this.child = spawn('ffmpeg', argv, { stdio: ['ignore', 'pipe', 'ignore'] })
    this.child.stdout!.setEncoding('utf8').on('data', text => {
      for (const [, count] of text.matchAll(/frame=(\d+)/g)) this.#frames = Number(count)
    })
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  async progress(): Promise<number> {
    return this.#frames
  }

  async vanish(): Promise<number> {
    if (this.running) {
      const gone = once(this.child, 'exit')
      this.child.kill('SIGKILL')
      await gone
    }
    return Date.now()
  }
}

/** A player of HLS that asks for the newest part or segment five times a second, with its token in a header. */
export class HlsViewer implements LiveViewer {
  readonly #headers: Record<string, string>
  readonly #got = new Set<string>()
  readonly #end = new AbortController()
  readonly #running: Promise<void>
  #last = 0
  trouble: string | undefined

  constructor(url: string, token: string) {
    this.#headers = { authorization: `Bearer ${token}` }
    this.#running = this.#play(url).catch(error => {
      if (!this.#end.signal.aborted) this.trouble = String(error)
    })
  }

  async progress(): Promise<number> {
    if (this.trouble !== undefined) throw new Error(this.trouble)
    return this.#got.size
  }

  async vanish(): Promise<number> {
    this.#end.abort()
    await this.#running
    return this.#last
  }

  async #play(url: string): Promise<void> {
    const main = await this.#fetch(url)
    const media = new URL(lines(main.text)[0]!, main.url).href
    for (; !this.#end.signal.aborted; await sleep(systemClock, 200, this.#end.signal)) {
      const { text, url: base } = await this.#fetch(media)
      const newest = /.*#EXT-X-PART:.*URI="([^"]+)"/s.exec(text)?.[1] ?? lines(text).at(-1)
      if (newest === undefined || this.#got.has(newest)) continue
      await this.#fetch(new URL(newest, base).href)
      this.#got.add(newest)
    }
  }

  async #fetch(url: string): Promise<{ readonly text: string; readonly url: string }> {
    this.#end.signal.throwIfAborted()
    this.#last = Date.now()
    const answer = await fetch(url, { headers: this.#headers, signal: AbortSignal.timeout(10_000) })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${answer.status} of ${url}`)
    return { text, url: answer.url }
  }
}

/** URIs of a playlist. */
function lines(playlist: string): string[] {
  return playlist.split('\n').filter(line => line !== '' && !line.startsWith('#'))
}

/** A real Chromium that plays by WHEP (RFC 9725), a browser of its own. */
export class WhepViewer implements LiveViewer {
  readonly #server: BrowserServer
  readonly #page: Page
  #session = ''

  private constructor(server: BrowserServer, page: Page) {
    this.#server = server
    this.#page = page
  }

  /** Rejects where the offer is refused. */
  static async start(url: string, token: string): Promise<WhepViewer> {
    const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    try {
      const page = await (await chromium.connect(server.wsEndpoint())).newPage()
      // A page of the same origin; what it says does not matter.
      await page.goto(new URL('/nothing', url).href)
      const viewer = new WhepViewer(server, page)
      viewer.#session = await page.evaluate(offer, { url, token })
      return viewer
    } catch (error) {
      await server.kill()
      throw error
    }
  }

  progress(): Promise<number> {
    return this.#page.evaluate(framesDecoded)
  }

  /** State of the connection, as the browser sees it. */
  state(): Promise<string> {
    return this.#page.evaluate('peer.connectionState') as Promise<string>
  }

  /** Ends its session as it should, by DELETE. */
  async leave(): Promise<number> {
    await this.#page.evaluate(url => fetch(url, { method: 'DELETE' }).then(() => {}), this.#session)
    const left = Date.now()
    await this.#server.kill()
    return left
  }

  /** kill -9 of the whole browser. */
  async vanish(): Promise<number> {
    const gone = this.#server.kill()
    const left = Date.now()
    await gone
    return left
  }
}

/** In the page: offers, and gives the URL of the session. */
async function offer({ url, token }: { url: string; token: string }): Promise<string> {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the browser are not those of Node.
  const page = globalThis as any
  const peer = new page.RTCPeerConnection()
  page.peer = peer
  peer.addTransceiver('video', { direction: 'recvonly' })
  await peer.setLocalDescription(await peer.createOffer())
  while (peer.iceGatheringState !== 'complete') await new Promise(resolve => setTimeout(resolve, 20))
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${token}` }
  const answer = await fetch(url, { method: 'POST', headers, body: peer.localDescription.sdp })
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`)
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  return new URL(answer.headers.get('location')!, url).href
}

/** In the page. */
async function framesDecoded(): Promise<number> {
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  const { peer } = globalThis as any
  let frames = 0
  for (const report of (await peer.getStats()).values()) frames = Math.max(frames, report.framesDecoded ?? 0)
  return frames
}
