import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { VmsError } from '../../kernel/errors.ts'
import type { Answer } from './answer.ts'

/** All that the watch page consists of: names of the address, and where each lies. Nothing else is ever read. */
const FILES = {
  'index.html': { type: 'text/html; charset=utf-8', library: undefined },
  'style.css': { type: 'text/css; charset=utf-8', library: undefined },
  'app.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'api.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'grid.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'player.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'poster.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'play-hls.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'play-whep.js': { type: 'text/javascript; charset=utf-8', library: undefined },
  'icon.svg': { type: 'image/svg+xml', library: undefined },
  'hls.light.min.mjs': { type: 'text/javascript; charset=utf-8', library: 'hls.js/dist/hls.light.min.mjs' },
} as const

/** Only what comes from here, and media that the page itself puts together; no inline script or style, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=()',
} as const

type PageName = keyof typeof FILES

/** The files of the watch page, read once each. */
export class WatchPages {
  readonly #answers = new Map<PageName, Answer>()

  /** The answer with the file of this name; undefined where there is none. Throws VMS_E_BUG when the installation lacks it. */
  find(name: string): Answer | undefined {
    if (!Object.hasOwn(FILES, name)) return undefined
    const page = name as PageName
    const known = this.#answers.get(page)
    if (known) return known
    const bytes = readFileSync(pathOf(page))
    const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    const answer = { status: 200, body: [bytes], etag, headers: { ...HEADERS, 'content-type': FILES[page].type } }
    this.#answers.set(page, answer)
    return answer
  }
}

/** Beside the sources when they run as they are, one level up from dist/; a library's file is where npm has put it. */
function pathOf(name: PageName): string | URL {
  const { library } = FILES[name]
  if (library !== undefined) return createRequire(import.meta.url).resolve(library)
  for (const up of ['../../..', '../../../..']) {
    const path = new URL(`${up}/templates/watch/${name}`, import.meta.url)
    if (existsSync(path)) return path
  }
  throw new VmsError('VMS_E_BUG', `templates/watch/${name} is missing from this installation`)
}
