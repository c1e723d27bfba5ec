import { VmsError } from '../../../kernel/errors.ts'
import { parseRelayVersion, type RelayVersion } from '../version.ts'
import { type ApiAnswer, type ApiLogin, askApi, refusal } from './request.ts'

export interface RelayClientOptions {
  /** Such as `http://127.0.0.1:9997`. */
  readonly origin: string
  readonly login?: ApiLogin | undefined
  /** Milliseconds for one answer; 5,000 by default. */
  readonly timeout?: number
}

export type RelayObject = Readonly<Record<string, unknown>>

/** Items of one page, and pages of one list: 20,000 sessions or paths. */
const PAGE = 1_000
const MOST_PAGES = 20

/** The control API v3 of a running MediaMTX, 1.15 to 1.20. Every method throws VMS_E_RELAY or VMS_E_TIMEOUT. */
export class RelayClient {
  readonly #options: RelayClientOptions

  constructor(options: RelayClientOptions) {
    this.#options = options
  }

  /** Its version; undefined where it does not say (before 1.16). Rejects while it does not serve. */
  async version(): Promise<RelayVersion | undefined> {
    const answer = await this.#ask('GET', '/info')
    // Before 1.16 there is no /info; whether it serves is seen at another place.
    if (answer.status === 404) await this.list('/paths/list', 'list its paths')
    else if (answer.status !== 200) throw refusal(answer, 'say its version')
    const { version } = object(answer.body)
    return typeof version === 'string' ? parseRelayVersion(version.slice(0, 100)) : undefined
  }

  /** All items of a paged list; undefined where this MediaMTX has no such list (a server that is off, or a later version's). */
  async list(path: string, what: string): Promise<RelayObject[] | undefined> {
    const items: RelayObject[] = []
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#ask('GET', `${path}?itemsPerPage=${PAGE}&page=${page}`)
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw refusal(answer, what)
      const { items: part, pageCount } = object(answer.body)
      if (!Array.isArray(part)) throw new VmsError('VMS_E_RELAY', `MediaMTX's answer to ${path} is not a list`)
      items.push(...part.slice(0, PAGE).map(object))
      if (typeof pageCount !== 'number' || page + 1 >= pageCount) break
    }
    return items
  }

  async globalConfig(): Promise<RelayObject> {
    return object(await this.#do('GET', '/config/global/get', 'read its configuration'))
  }

  patchGlobal(keys: RelayObject): Promise<unknown> {
    return this.#do('PATCH', '/config/global/patch', 'change its configuration', keys)
  }

  /** Every configured path, by name, with all its keys filled in. */
  async pathConfigs(): Promise<Map<string, RelayObject>> {
    const items = (await this.list('/config/paths/list', 'list its paths')) ?? []
    return new Map(items.flatMap(item => (typeof item.name === 'string' ? [[item.name, item] as const] : [])))
  }

  addPath(name: string, keys: RelayObject): Promise<unknown> {
    return this.#do('POST', `/config/paths/add/${name}`, `add the path ${name}`, keys)
  }

  patchPath(name: string, keys: RelayObject): Promise<unknown> {
    return this.#do('PATCH', `/config/paths/patch/${name}`, `change the path ${name}`, keys)
  }

  deletePath(name: string): Promise<unknown> {
    return this.#do('DELETE', `/config/paths/delete/${name}`, `take the path ${name} away`)
  }

  /** Ends a session of one of its lists (`rtspsessions`); false where there is none of that id. */
  async kick(list: string, id: string): Promise<boolean> {
    const answer = await this.#ask('POST', `/${list}/kick/${encodeURIComponent(id)}`)
    if (answer.status === 404) return false
    if (answer.status !== 200) throw refusal(answer, 'end a session')
    return true
  }

  async #do(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, what: string, body?: unknown): Promise<unknown> {
    const answer = await this.#ask(method, path, body)
    if (answer.status !== 200) throw refusal(answer, what)
    return answer.body
  }

  #ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer> {
    const { origin, login, timeout = 5_000 } = this.#options
    return askApi({ origin, login, method, path, body, timeout })
  }
}

function object(value: unknown): RelayObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RelayObject) : {}
}
