/** What MediaMTX asks before anybody reads, publishes or uses its API (authMethod: http). */
export interface AuthQuestion {
  readonly user: string
  readonly password: string
  readonly token: string
  readonly ip: string
  readonly action: string
  readonly path: string
  readonly protocol: string
  /** Of the session; empty where there is none yet. */
  readonly id: string
  readonly query: string
}

const KEYS = ['user', 'password', 'token', 'ip', 'action', 'path', 'protocol', 'id', 'query'] as const
/** Characters of one value; a token has up to 8,192. */
const LONGEST = 8_192

/** A question from parsed JSON; undefined for what is none. What is missing is empty: versions differ in what they send. */
export function readQuestion(body: unknown): AuthQuestion | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const values = body as Record<string, unknown>
  const texts = KEYS.map(key => [key, values[key] ?? ''] as const)
  if (texts.some(([, text]) => typeof text !== 'string' || text.length > LONGEST)) return undefined
  return Object.fromEntries(texts) as unknown as AuthQuestion
}

/** The token of a question: its own, the password, or `token` in the query of a protocol that has no other place for it. */
export function tokenOf({ token, password, protocol, query }: AuthQuestion): string {
  if (token !== '') return token
  if (password !== '') return password
  if (protocol !== 'rtsp' && protocol !== 'rtmp') return ''
  return new URLSearchParams(query).get('token') ?? ''
}
