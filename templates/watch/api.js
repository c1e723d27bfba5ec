/** What this site answers. The token is in a cookie that scripts cannot read, or none is needed. */

/** @typedef {{ user: string | null, cameras: string[], expires: number | null }} Session */
/** @typedef {{ id: string, group: string | null, state: string, reason: string | null }} Camera */
/** @typedef {{ camera: string, stream: string, protocol: 'webrtc' | 'hls', url: string, iceServers: RTCIceServer[], note: string | null }} Connection */

/** An answer that says no; `status` is that of HTTP, 0 where nobody answered. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** Milliseconds that the clock of the site is ahead of ours. */
let ahead = 0

/** The time by the clock of the site, by which pictures are stamped. */
export const siteTime = () => Date.now() + ahead

/** @returns {Promise<Session>} */
export const readSession = () => ask('/session')

/**
 * @param {string} token
 * @returns {Promise<Session>}
 */
export const signIn = token => ask('/session', { method: 'POST', body: JSON.stringify({ token }) })

export const signOut = () => ask('/session', { method: 'DELETE' })

/** @returns {Promise<Camera[]>} */
export async function readCameras() {
  const asked = Date.now()
  const { cameras, now } = await ask('/api/cameras')
  if (typeof now === 'number') ahead = now - (asked + Date.now()) / 2
  return cameras
}

/**
 * Asks for a camera's stream; answered when it plays, or with what is wrong. Where no daemon runs, workers serve HLS all the same.
 * @param {string} camera
 * @param {readonly string[]} protocols
 * @returns {Promise<Connection>}
 */
export async function connect(camera, protocols) {
  try {
    return await ask('/api/connect', { method: 'POST', body: JSON.stringify({ camera, protocols }) })
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 503 || !error.message.startsWith('the daemon')) throw error
    return withoutDaemon(camera)
  }
}

/**
 * @param {string} camera
 * @returns {Promise<Connection>}
 */
async function withoutDaemon(camera) {
  for (const stream of ['sub', 'main']) {
    const url = `/hls/${encodeURIComponent(camera)}/${stream}/index.m3u8`
    const answer = await fetch(url)
    if (answer.ok) return { camera, stream, protocol: 'hls', url, iceServers: [], note: 'the daemon does not answer' }
    if (answer.status !== 404 || stream === 'main') throw new Refused(answer.status, await reasonOf(answer))
  }
  throw new Refused(404, 'no such stream')
}

/**
 * The reason in an answer that says no.
 * @param {Response} answer
 */
export async function reasonOf(answer) {
  try {
    return (await answer.json()).error.message
  } catch {
    return `the answer was ${answer.status}`
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options = {}) {
  const headers = options.body === undefined ? {} : { 'content-type': 'application/json' }
  /** @type {Response} */
  let answer
  try {
    answer = await fetch(path, { ...options, headers, cache: 'no-store' })
  } catch {
    throw new Refused(0, 'the site does not answer')
  }
  if (!answer.ok) throw new Refused(answer.status, await reasonOf(answer))
  return answer.json()
}
