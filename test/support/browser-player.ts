import { existsSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

export function hasChromium(): boolean {
  return existsSync(CHROMIUM)
}

/** What a `<video>` element made of a file. Seconds. */
export interface Played {
  readonly error: string | undefined
  readonly duration: number
  readonly width: number
  /** Where it stood after the seek, and when it said that it had ended. */
  readonly soughtTo: number
  readonly endedAt: number
  readonly audioBytes: number
}

/** A browser with one page at a time. */
export class BrowserPlayer implements AsyncDisposable {
  readonly #browser: Browser

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async start(): Promise<BrowserPlayer> {
    const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required']
    return new BrowserPlayer(await chromium.launch({ executablePath: CHROMIUM, args }))
  }

  /** Opens the file at `url` from a page at `page`, seeks to `part` of its length, then plays its end. */
  async play(page: string, url: string, part: number): Promise<Played> {
    const tab = await this.#browser.newPage()
    try {
      await tab.goto(page)
      return await tab.evaluate(playInPage, { url, part })
    } finally {
      await tab.close()
    }
  }

  /** A number for each picture that is shown at `times`, seconds: the same for the same picture. */
  async pictures(page: string, url: string, times: readonly number[]): Promise<number[]> {
    const tab = await this.#browser.newPage()
    try {
      await tab.goto(page)
      return await tab.evaluate(picturesInPage, { url, times })
    } finally {
      await tab.close()
    }
  }

  /** Plays the file at `url` by Media Source Extensions, as `type`, to its end. */
  async stream(page: string, url: string, type: string): Promise<Streamed> {
    const tab = await this.#browser.newPage()
    try {
      await tab.goto(page)
      return await tab.evaluate(streamInPage, { url, type })
    } finally {
      await tab.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }
}

/** What Media Source Extensions made of a stream. Seconds. */
export interface Streamed {
  readonly error: string | undefined
  /** What can be played, from and to. */
  readonly buffered: readonly (readonly [number, number])[]
  readonly endedAt: number
}

/** Runs in the page. */
async function picturesInPage({ url, times }: { url: string; times: readonly number[] }): Promise<number[]> {
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
  const { document } = globalThis as any
  const video = document.querySelector('video')
  const until = (name: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(name, () => resolve(), { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
      setTimeout(() => reject(new Error(`no ${name}`)), 20_000)
    })
  const loaded = until('loadeddata')
  video.src = url
  await loaded
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  const context = canvas.getContext('2d')
  const pictures: number[] = []
  for (const time of times) {
    const sought = until('seeked')
    // It has been sought before it is on the screen; the same picture is not put there twice.
    const shown = new Promise<void>(resolve => {
      video.requestVideoFrameCallback(() => resolve())
    })
    video.currentTime = time
    await sought
    await Promise.race([shown, new Promise(resolve => setTimeout(resolve, 1_000))])
    context.drawImage(video, 0, 0)
    let hash = 0
    for (const value of context.getImageData(0, 0, canvas.width, canvas.height).data) {
      hash = (Math.imul(hash, 31) + value) | 0
    }
    pictures.push(hash)
  }
  return pictures
}

/** Runs in the page. */
async function streamInPage({ url, type }: { url: string; type: string }): Promise<Streamed> {
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
  const { document, MediaSource, URL } = globalThis as any
  const video = document.querySelector('video')
  // biome-ignore lint/suspicious/noExplicitAny: an event target of the browser
  const until = (target: any, name: string) =>
    new Promise<void>((resolve, reject) => {
      target.addEventListener(name, () => resolve(), { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
      setTimeout(() => reject(new Error(`no ${name}`)), 20_000)
    })
  const ranges = () =>
    Array.from({ length: video.buffered.length }, (_, index): [number, number] => [
      video.buffered.start(index),
      video.buffered.end(index),
    ])
  try {
    const media = new MediaSource()
    const open = until(media, 'sourceopen')
    video.src = URL.createObjectURL(media)
    await open
    const buffer = media.addSourceBuffer(type)
    const appended = until(buffer, 'updateend')
    buffer.appendBuffer(await (await fetch(url)).arrayBuffer())
    await appended
    media.endOfStream()
    const buffered = ranges()
    const ended = until(video, 'ended')
    await video.play()
    await ended
    return { error: undefined, buffered, endedAt: video.currentTime }
  } catch (caught) {
    return { error: String(caught), buffered: ranges(), endedAt: video.currentTime }
  }
}

/** Runs `work` with a page of its own; `noise` gathers what the page throws and what it writes to the console. */
export async function withPage(work: (page: Page, noise: readonly string[]) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1_200, height: 800 } })
    const noise: string[] = []
    page.on('console', message => noise.push(message.text()))
    page.on('pageerror', error => noise.push(error.message))
    await work(page, noise)
  } finally {
    await browser.close()
  }
}

/** Runs in the page. */
async function playInPage({ url, part }: { url: string; part: number }): Promise<Played> {
  // The types of a browser are not those of this project.
  // biome-ignore lint/suspicious/noExplicitAny: a DOM element
  const video = (globalThis as any).document.querySelector('video')
  const until = (name: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(name, () => resolve(), { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
      setTimeout(() => reject(new Error(`no ${name}`)), 20_000)
    })
  let soughtTo = 0
  let error: string | undefined
  try {
    const loaded = until('loadedmetadata')
    video.src = url
    await loaded
    const sought = until('seeked')
    video.currentTime = video.duration * part
    await sought
    soughtTo = video.currentTime
    const ended = until('ended')
    video.currentTime = video.duration - 0.5
    await video.play()
    await ended
  } catch (caught) {
    error = String(caught)
  }
  const { duration, videoWidth: width, currentTime: endedAt, webkitAudioDecodedByteCount: audioBytes } = video
  return { error, duration, width, soughtTo, endedAt, audioBytes }
}

const PAGE = '<!doctype html><video muted></video>'

/** A page on disk, from which files on disk may be played. */
export function filePage(directory: string): string {
  const path = join(directory, 'page.html')
  writeFileSync(path, PAGE)
  return pathToFileURL(path).href
}

/** Serves files of a directory with ranges, and counts what is asked for. */
export class RangeServer implements AsyncDisposable {
  requests = 0
  bytes = 0
  readonly #directory: string
  readonly #server = createServer((request, response) => {
    if (request.url === '/') {
      response.setHeader('content-type', 'text/html')
      response.end(PAGE)
    } else void this.#serve(request.url ?? '', request.headers.range, response)
  })

  constructor(directory: string) {
    this.#directory = directory
  }

  /** The address of the page. */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async #serve(url: string, range: string | undefined, response: import('node:http').ServerResponse): Promise<void> {
    const path = join(this.#directory, url.slice(1))
    if (!existsSync(path)) {
      response.writeHead(404).end()
      return
    }
    const { size } = statSync(path)
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
    const start = Number(from)
    const end = to === '' ? size - 1 : Number(to)
    this.requests++
    response.writeHead(range ? 206 : 200, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    })
    const file = await open(path)
    const stream = file.createReadStream({ start, end })
    stream.on('data', data => {
      this.bytes += data.length
    })
    response.on('close', () => stream.destroy())
    stream.pipe(response)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
