import { Refused, siteTime } from './api.js'
import Hls from './hls.light.min.mjs'

/**
 * How a stream is being played.
 * @typedef {{ latency: () => number | undefined | Promise<number | undefined>, stop: () => void }} Playing
 */

/**
 * Plays a stream by low-latency HLS. `failed` is called once, when nothing more will come of it.
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @param {(error: Refused) => void} failed
 * @returns {Playing}
 */
export function playHls(video, url, failed) {
  if (!Hls.isSupported()) return playNatively(video, url, failed)
  const hls = new Hls({ lowLatencyMode: true, enableWorker: false, backBufferLength: 10, maxLiveSyncPlaybackRate: 1.1 })
  let over = false
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal || over) return
    if (
      data.type === Hls.ErrorTypes.MEDIA_ERROR &&
      data.details !== Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR
    ) {
      return hls.recoverMediaError()
    }
    over = true
    failed(new Refused(data.response?.code ?? 0, reasonIn(data)))
  })
  hls.on(Hls.Events.MANIFEST_PARSED, () => void video.play().catch(() => {}))
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    // The playlist says when the pictures arrived at the site.
    latency: () => (hls.playingDate ? siteTime() - hls.playingDate.getTime() : undefined),
    stop: () => {
      over = true
      hls.destroy()
    },
  }
}

/** @param {import('hls.js').ErrorData} data */
function reasonIn({ networkDetails, details, error }) {
  try {
    return JSON.parse(/** @type {XMLHttpRequest} */ (networkDetails).responseText).error.message
  } catch {
    return details === 'manifestIncompatibleCodecsError'
      ? 'this browser cannot decode the camera'
      : (error?.message ?? details)
  }
}

/**
 * Browsers that play HLS themselves (iOS).
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @param {(error: Refused) => void} failed
 * @returns {Playing}
 */
function playNatively(video, url, failed) {
  const onError = () => failed(new Refused(0, video.error?.message || 'the player gave up'))
  video.addEventListener('error', onError, { once: true })
  video.src = url
  void video.play().catch(() => {})
  return {
    latency: () => {
      const start = /** @type {{ getStartDate?: () => Date }} */ (/** @type {unknown} */ (video)).getStartDate?.()
      const began = start?.getTime() ?? Number.NaN
      return Number.isNaN(began) ? undefined : siteTime() - began - video.currentTime * 1_000
    },
    stop: () => {
      video.removeEventListener('error', onError)
      video.removeAttribute('src')
      video.load()
    },
  }
}
