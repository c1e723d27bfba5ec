import { VmsError } from '../../kernel/errors.ts'
import { parseCameraUrl } from '../camera-url.ts'
import type { CameraEntry } from '../edit/render-camera.ts'
import type { FoundCamera } from './starter-file.ts'

/** A user whose password goes to a place outside the configuration. */
export interface FoundCredentials {
  /** Name under `credentials`. */
  readonly name: string
  readonly username: string
  /** Undefined when the user was given without one. */
  readonly password: string | undefined
}

export interface WithoutSecrets {
  readonly cameras: readonly CameraEntry[]
  readonly credentials: readonly FoundCredentials[]
}

/**
 * Takes user and password out of the URLs (or of columns of their own, which go before) and gives each pair a name that its
 * cameras refer to. Throws VMS_E_USAGE when the streams of one camera have two users.
 */
export function takeSecrets(found: readonly FoundCamera[]): WithoutSecrets {
  const byPair = new Map<string, FoundCredentials>()
  const faults: string[] = []
  const cameras = found.map(({ camera, username, password }) => {
    const main = bare(camera.main)
    const sub = camera.sub === undefined ? undefined : bare(camera.sub)
    const pairs = [username === undefined ? undefined : { username, password }, main.user, sub?.user].filter(
      pair => pair !== undefined,
    )
    const [pair] = pairs
    if (
      pairs.some(
        other =>
          other.username !== pair?.username || (other.password ?? pair.password) !== (pair.password ?? other.password),
      )
    )
      faults.push(`camera ${camera.id} has streams with different users; a camera has one`)
    const entry = { ...camera, main: main.url, ...(sub && { sub: sub.url }) }
    if (pair === undefined) return entry
    const whole = {
      username: pair.username,
      password: pair.password ?? pairs.find(other => other.password !== undefined)?.password,
    }
    const key = JSON.stringify([whole.username, whole.password ?? null])
    const name = byPair.get(key)?.name ?? (byPair.size === 0 ? 'camera' : `camera-${byPair.size + 1}`)
    byPair.set(key, { name, ...whole })
    return { ...entry, credentials: name }
  })
  if (faults.length > 0) throw new VmsError('VMS_E_USAGE', faults.join('\n'), { details: { faults } })
  return { cameras, credentials: [...byPair.values()] }
}

/** A URL that was checked before, without its user. */
function bare(url: string): { url: string; user: { username: string; password: string | undefined } | undefined } {
  // The placeholders of a range stay as they are.
  const parsed = parseCameraUrl(url.replaceAll(/[{}]/g, brace => (brace === '{' ? '%7B' : '%7D')))
  if ('problem' in parsed) {
    const at = /^[a-z]+:\/\/[^/?#@]*@/i.test(url)
    if (!at) return { url, user: undefined }
    throw new VmsError('VMS_E_USAGE', `a URL ${parsed.problem}`, { hint: parsed.hint })
  }
  const { username, password } = parsed
  const text = username === undefined ? url : url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1')
  return { url: text, user: username === undefined ? undefined : { username, password } }
}
