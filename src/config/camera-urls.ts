import type { CameraName } from './camera-names.ts'
import { parseCameraUrl } from './camera-url.ts'
import { plural, quote } from './faults.ts'
import { fillPlaceholders, hasPlaceholder, strayBraces } from './range.ts'
import type { Findings } from './sections.ts'
import type { Credentials } from './types.ts'
import type { Path } from './yaml-source.ts'

/** Where a stream is, and the user and password that stood in its URL. */
export interface StreamUrl {
  readonly url: string
  readonly credentials: Credentials | undefined
}

/** Reads the URLs of cameras, and gathers what is unwise about them into one warning of each sort. */
export class CameraUrls {
  readonly #findings: Findings
  readonly #owners = new Map<string, string>()
  readonly #passwords: Path[] = []
  readonly #pathSecrets: Path[] = []
  readonly #doubles: { path: Path; message: string }[] = []

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** The URL `text` for each of the cameras, in their order; none when it has a fault, of which the first is told. */
  read(text: string, names: readonly CameraName[], path: Path, ownCredentials: boolean): StreamUrl[] {
    const key = String(path.at(-1))
    const fault = (message: string, hint?: string) => {
      this.#findings.fault(path, message, hint)
      return []
    }
    const ranged = names[0]?.number !== undefined
    const stray = strayBraces(text)
    if (ranged && stray !== undefined)
      return fault(
        `${key}: ${quote(stray)} is not a placeholder`,
        'use {n} for the number, {nnn} for three digits, {n+100} to move it',
      )
    if (!ranged && /[{}]/.test(text))
      return fault(`${key} has a placeholder in braces, and the camera is no range`, 'write range: instead of id:')
    const urls: StreamUrl[] = []
    let secretInPath = false
    let password = false
    for (const { id, number } of names) {
      const filled = number === undefined ? text : fillPlaceholders(text, number)
      if (filled === undefined) return fault(`${key} has a number below 0 for ${id}`)
      const parsed = parseCameraUrl(filled)
      if ('problem' in parsed) return fault(`${key}${ranged ? ` of ${id}` : ''} ${parsed.problem}`, parsed.hint)
      if (parsed.username !== undefined && ownCredentials)
        return fault(
          `${key} has a user in its URL, and the camera has credentials`,
          'keep one of the two; better the credentials',
        )
      secretInPath ||= parsed.secretInPath
      password ||= parsed.password !== undefined && parsed.password !== ''
      urls.push({ url: parsed.url, credentials: credentialsOf(parsed.username, parsed.password) })
    }
    if (password) this.#passwords.push(path)
    if (secretInPath) this.#pathSecrets.push(path)
    this.#noteDoubles(urls, text, names, path)
    return urls
  }

  /** Tells the warnings, once all cameras are read. */
  warn(): void {
    this.#warnAll(
      this.#passwords,
      'a password inside a URL',
      'better: credentials: { NAME: { username: ..., password: { file: PATH } } }, and credentials: NAME at the camera',
    )
    this.#warnAll(
      this.#pathSecrets,
      'a password in the path or query of a URL',
      'it is not shown, but the camera and all between can read it',
    )
    const [first] = this.#doubles
    if (first)
      this.#warnAll(
        this.#doubles.map(double => double.path),
        first.message,
      )
  }

  #warnAll(paths: readonly Path[], message: string, hint?: string): void {
    const [first] = paths
    if (first === undefined) return
    const others = paths.length > 1 ? ` (and so in ${plural(paths.length - 1, 'other place')})` : ''
    this.#findings.warn(first, `${message}${others}`, hint)
  }

  /** Two streams of one URL are most often a slip of copying. */
  #noteDoubles(urls: readonly StreamUrl[], text: string, names: readonly CameraName[], path: Path): void {
    const key = String(path.at(-1))
    if (urls.length > 1 && !hasPlaceholder(text)) {
      this.#doubles.push({
        path,
        message: `all ${urls.length} cameras of the range have the same ${key} URL; use {n} in it`,
      })
      return
    }
    for (const [index, { url }] of urls.entries()) {
      const stream = `${names[index]?.id}/${key}`
      const owner = this.#owners.get(url)
      if (owner === undefined) this.#owners.set(url, stream)
      else {
        this.#doubles.push({ path, message: `${stream} has the same URL as ${owner}` })
        return
      }
    }
  }
}

function credentialsOf(username: string | undefined, password: string | undefined): Credentials | undefined {
  if (username === undefined) return undefined
  return { username, password: { kind: 'inline', value: password ?? '' } }
}
