import { timingSafeEqual } from 'node:crypto'
import { type AuthQuestion, tokenOf } from './question.ts'

/** What a token allows; as src/access says it. */
export interface TokenGrant {
  readonly user: string
  /** Ids, or `*` alone for every camera. */
  readonly cameras: readonly string[]
  readonly jti: string
  /** Wall-clock milliseconds. */
  readonly expires: number
}

export interface AuthRules {
  /** Our own user at MediaMTX's API; OWN_USER by default. */
  readonly user?: string | undefined
  /** Its password; made anew at each start and kept in memory, or that of `mediamtx.attach`. Undefined: nobody may use it. */
  readonly secret: string | undefined
  /** Whether viewers may come from there. */
  readonly allowsAddress: (address: string) => boolean
  /** The camera of a path; undefined for one that is none of ours. */
  readonly cameraOf: (path: string) => string | undefined
  readonly verify: (token: string) => Promise<TokenGrant | { readonly fault: string }>
  /** Why somebody whose token opens the path may not watch as well (limits); undefined where it may. */
  readonly refuses?: ((grant: TokenGrant, path: string) => string | undefined) | undefined
}

export type Verdict =
  /** `grant` is null for ourselves. */
  | { readonly status: 200; readonly grant: TokenGrant | null }
  /** 401: not known who it is, and asked for; 403: known, and not allowed. `reason` holds nothing of the token. */
  | { readonly status: 401 | 403; readonly reason: string }

/** The user that vmsctl is at MediaMTX's API. */
export const OWN_USER = 'vmsctl'

/** Who may do what at MediaMTX. Never rejects unless `verify` does. */
export async function judge(question: AuthQuestion, rules: AuthRules): Promise<Verdict> {
  if (question.action === 'read') return judgeViewer(question, rules)
  if (['api', 'metrics', 'pprof', 'publish'].includes(question.action)) {
    if (question.user === '' && question.password === '') return { status: 401, reason: 'no login' }
    const { user = OWN_USER, secret } = rules
    const known = secret !== undefined && question.user === user && same(question.password, secret)
    const own = known && isHere(question.ip)
    return own ? { status: 200, grant: null } : { status: 403, reason: `${question.action} is for vmsctl alone` }
  }
  return { status: 403, reason: 'nothing of the kind is served' }
}

async function judgeViewer(question: AuthQuestion, rules: AuthRules): Promise<Verdict> {
  const { ip, path } = question
  if (!rules.allowsAddress(ip)) return { status: 403, reason: 'outside of the networks that viewers may come from' }
  const camera = rules.cameraOf(path)
  const token = tokenOf(question)
  // At this machine too: whoever has none is asked for one, so that players show the one they have. Without, there is our own gateway.
  if (token === '') return { status: 401, reason: 'no token' }
  const grant = await rules.verify(token)
  if ('fault' in grant) return { status: 401, reason: `the token is not taken: ${grant.fault}` }
  if (camera === undefined) return { status: 403, reason: 'no such path' }
  if (!grant.cameras.includes(camera) && !grant.cameras.includes('*'))
    return { status: 403, reason: 'the token is for other cameras' }
  const refused = rules.refuses?.(grant, path)
  return refused === undefined ? { status: 200, grant } : { status: 403, reason: refused }
}

function isHere(ip: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(ip) || ip === '::1'
}

function same(given: string, secret: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(secret)]
  return left.length === right.length && timingSafeEqual(left, right)
}
