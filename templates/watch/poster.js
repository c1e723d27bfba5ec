/** Last key frames, as pictures. They come as MP4 files of one frame, for the browser itself is the decoder. */

/** Pictures that are decoded at once: each takes a decoder. */
const AT_ONCE = 3
/** Milliseconds for one. */
const PATIENCE = 8_000

/** @type {(() => void)[]} */
const waiting = []
let busy = 0

/**
 * Draws the last picture of a camera. False where there is none, or the browser cannot decode it.
 * @param {string} camera
 * @param {HTMLCanvasElement} canvas
 */
export async function drawPoster(camera, canvas) {
  if (busy >= AT_ONCE) await new Promise(resolve => waiting.push(() => resolve(undefined)))
  busy++
  try {
    return await draw(`/hls/${encodeURIComponent(camera)}/poster.mp4`, canvas)
  } finally {
    busy--
    waiting.shift()?.()
  }
}

/**
 * @param {string} url
 * @param {HTMLCanvasElement} canvas
 */
async function draw(url, canvas) {
  const answer = await fetch(url)
  if (!answer.ok) return false
  const source = URL.createObjectURL(await answer.blob())
  const video = document.createElement('video')
  try {
    video.muted = true
    video.src = source
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve
      video.onerror = reject
      setTimeout(reject, PATIENCE)
    })
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    return true
  } catch {
    return false
  } finally {
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(source)
  }
}
