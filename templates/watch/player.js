import { connect, Refused } from './api.js'
import { playHls } from './play-hls.js'
import { playWhep } from './play-whep.js'
import { drawPoster } from './poster.js'

/** Milliseconds until a camera that could not be had is tried again. */
const AGAIN = 3_000

/** One camera, as large as the window. */
export class Player {
  #parts
  /** The camera that is shown; another one, or none, makes what still runs for it stop. @type {{ camera: string } | undefined} */
  #shown
  /** @type {import('./play-hls.js').Playing | undefined} */
  #playing
  /** WebRTC did not come about here: not tried again. */
  #onlyHls = typeof RTCPeerConnection === 'undefined'
  #signIn

  /**
   * @param {{ section: HTMLElement, name: HTMLElement, video: HTMLVideoElement, poster: HTMLCanvasElement, status: HTMLElement, protocol: HTMLElement, latency: HTMLElement }} parts
   * @param {(reason: string) => void} signIn Called when the token does not hold any more.
   */
  constructor(parts, signIn) {
    this.#parts = parts
    this.#signIn = signIn
    setInterval(() => void this.#showLatency(), 500)
    parts.video.addEventListener('playing', () => {
      parts.poster.hidden = true
      if (this.#playing) this.#say('')
    })
    parts.video.addEventListener('waiting', () => this.#playing && this.#say('waiting for pictures'))
  }

  /** The camera that is shown. */
  get camera() {
    return this.#shown?.camera
  }

  /**
   * @param {string} camera
   * @param {HTMLCanvasElement | undefined} picture The last one, to begin with.
   */
  open(camera, picture) {
    this.close()
    const { section, name, poster } = this.#parts
    const shown = { camera }
    this.#shown = shown
    section.hidden = false
    name.textContent = camera
    poster.hidden = false
    copy(picture, poster)
    void drawPoster(camera, poster).catch(() => {})
    void this.#play(shown)
  }

  close() {
    this.#shown = undefined
    this.#end()
    this.#parts.section.hidden = true
    this.#say('')
  }

  /** @param {{ camera: string }} shown */
  async #play(shown) {
    this.#say('waiting for the camera')
    const failed = (/** @type {unknown} */ error) => void this.#failed(shown, error)
    try {
      const connection = await connect(shown.camera, this.#onlyHls ? ['hls'] : ['webrtc', 'hls'])
      if (this.#shown !== shown) return
      const { video, protocol } = this.#parts
      if (connection.protocol === 'hls') {
        this.#playing = playHls(video, connection.url, failed)
      } else {
        const playing = await playWhep(video, connection, failed).catch(error => {
          this.#onlyHls = true
          throw error
        })
        if (this.#shown !== shown) return playing.stop()
        this.#playing = playing
      }
      const name = connection.protocol === 'hls' ? 'HLS' : 'WebRTC'
      protocol.textContent = `${name}, ${connection.stream}${connection.note ? ` (${connection.note})` : ''}`
      protocol.dataset.protocol = connection.protocol
    } catch (error) {
      failed(error)
    }
  }

  /**
   * @param {{ camera: string }} shown
   * @param {unknown} error
   */
  async #failed(shown, error) {
    if (this.#shown !== shown) return
    this.#end()
    const status = error instanceof Refused ? error.status : 0
    const reason = error instanceof Error ? error.message : String(error)
    if (status === 401) return this.#signIn(reason)
    this.#say(reason, true)
    // Ended by somebody, not allowed, or not there: to ask again is for the viewer to do.
    if ([403, 404, 410].includes(status)) return
    await new Promise(resolve => setTimeout(resolve, AGAIN))
    if (this.#shown === shown) void this.#play(shown)
  }

  #end() {
    this.#playing?.stop()
    this.#playing = undefined
    const { protocol, latency } = this.#parts
    protocol.textContent = ''
    latency.textContent = ''
  }

  async #showLatency() {
    const playing = this.#playing
    const { latency, video } = this.#parts
    const milliseconds = await playing?.latency()
    if (playing !== this.#playing) return
    const known = milliseconds !== undefined && video.videoWidth > 0
    latency.textContent = known ? `${(Math.max(0, milliseconds) / 1_000).toFixed(1)} s behind` : ''
    latency.dataset.milliseconds = known ? String(Math.round(milliseconds)) : ''
  }

  /**
   * @param {string} text
   * @param {boolean} [trouble]
   */
  #say(text, trouble = false) {
    const { status } = this.#parts
    status.textContent = text
    status.toggleAttribute('data-trouble', trouble)
  }
}

/**
 * @param {HTMLCanvasElement | undefined} from
 * @param {HTMLCanvasElement} to
 */
function copy(from, to) {
  to.width = from?.width ?? 16
  to.height = from?.height ?? 9
  if (from) to.getContext('2d')?.drawImage(from, 0, 0)
}
