import { Refused, readCameras, readSession, signIn, signOut } from './api.js'
import { Grid } from './grid.js'
import { Player } from './player.js'

/** Milliseconds between two looks at the cameras. */
const LOOK = 5_000

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const part = id => /** @type {T} */ (document.getElementById(id))

const form = part('sign-in')
const notice = part('notice')
const player = new Player(
  {
    section: part('player'),
    name: part('player-name'),
    video: part('video'),
    poster: part('poster'),
    status: part('status'),
    protocol: part('protocol'),
    latency: part('latency'),
  },
  askForToken,
)
const grid = new Grid(part('cameras'), open)
/** @type {import('./api.js').Session | undefined} */
let session

part('search').addEventListener('input', event => {
  grid.filter(/** @type {HTMLInputElement} */ (event.target).value)
})
part('back').addEventListener('click', close)
part('full').addEventListener('click', toggleFullScreen)
part('sign-out').addEventListener('click', async () => {
  await signOut().catch(() => {})
  location.reload()
})
form.addEventListener('submit', event => {
  event.preventDefault()
  const field = /** @type {HTMLInputElement} */ (part('token'))
  const token = field.value.trim()
  field.value = ''
  void enter(token)
})
document.addEventListener('keydown', event => {
  if (player.camera === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape' && !document.fullscreenElement) close()
  else if (event.key === 'f') toggleFullScreen()
})
setInterval(() => {
  if (session && !document.hidden && player.camera === undefined) void look()
}, LOOK)

await enter(tokenInAddress())

/** The token behind `#token=`: it has never left the browser so far, and is taken out of the address at once. */
function tokenInAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(null, '', location.pathname)
  return token ?? undefined
}

/** @param {string | undefined} token */
async function enter(token) {
  try {
    session = token === undefined ? await readSession() : await signIn(token)
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return askForToken(token === undefined ? '' : error.message)
    return say(String(error instanceof Error ? error.message : error))
  }
  form.hidden = true
  part('user').textContent = session.user ?? ''
  part('sign-out').hidden = session.user === null
  await look()
}

/** @param {string} reason */
function askForToken(reason) {
  session = undefined
  close()
  grid.show([])
  form.hidden = false
  say(reason)
  part('token').focus()
}

async function look() {
  try {
    const cameras = await readCameras()
    grid.show(cameras)
    say(cameras.length === 0 ? 'No cameras.' : '')
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return askForToken(error.message)
    // The token itself names cameras, where it is not for all.
    const known = session?.cameras.filter(id => id !== '*') ?? []
    grid.show(known.map(id => ({ id, group: null, state: '', reason: null })))
    say(error instanceof Error ? error.message : String(error))
  }
}

/** @param {string} camera */
function open(camera) {
  player.open(camera, grid.picture(camera))
  part('back').focus()
}

function close() {
  const { camera } = player
  player.close()
  if (document.fullscreenElement) void document.exitFullscreen()
  if (camera !== undefined) grid.focus(camera)
}

function toggleFullScreen() {
  if (document.fullscreenElement) void document.exitFullscreen()
  else void part('player').requestFullscreen?.()
}

/** @param {string} text */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text
}
