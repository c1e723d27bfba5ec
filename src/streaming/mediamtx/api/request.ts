import { VmsError } from '../../../kernel/errors.ts'
import { redactText } from '../../../kernel/redact.ts'

export interface ApiLogin {
  readonly user: string
  readonly password: string
}

export interface ApiRequest {
  /** Origin of the control API. */
  readonly origin: string
  readonly login: ApiLogin | undefined
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Behind /v3. */
  readonly path: string
  readonly body?: unknown
  /** Milliseconds. */
  readonly timeout: number
}

export interface ApiAnswer {
  readonly status: number
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown
}

/** Bytes of an answer: 1,000 sessions with all their counters are 1.2 MB. */
const LARGEST_ANSWER = 8_000_000

/** Asks the control API once. Throws VMS_E_RELAY where no answer comes in time, or one that cannot be; VMS_E_TIMEOUT. Any status is an answer. */
export async function askApi(request: ApiRequest): Promise<ApiAnswer> {
  const { origin, login, method, path, body, timeout } = request
  const limit = AbortSignal.timeout(timeout)
  try {
    const response = await fetch(`${origin}/v3${path}`, {
      method,
      redirect: 'manual',
      signal: limit,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(login === undefined ? {} : { authorization: `Basic ${btoa(`${login.user}:${login.password}`)}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: parse(await readLimited(response)) }
  } catch (error) {
    if (error instanceof VmsError) throw error
    if (limit.aborted)
      throw new VmsError('VMS_E_TIMEOUT', `MediaMTX at ${origin} does not answer within ${timeout / 1_000} s`)
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
    const why = cause?.code === 'ECONNREFUSED' ? 'nothing listens there' : (cause?.code ?? cause?.message ?? message)
    throw new VmsError('VMS_E_RELAY', `MediaMTX at ${origin} cannot be asked: ${why}`, { cause: error })
  }
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LARGEST_ANSWER)
      throw new VmsError('VMS_E_RELAY', `MediaMTX answers with more than ${LARGEST_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an answer that is no success says. */
export function refusal({ status, body }: ApiAnswer, what: string): VmsError {
  if (status === 401 || status === 403)
    return new VmsError('VMS_E_RELAY', `MediaMTX does not let us ${what}: status ${status}`, {
      hint: 'mediamtx.attach.credentials names the login of its API.',
    })
  const said = (body as { error?: unknown } | undefined)?.error
  const words = typeof said === 'string' ? `: ${redactText(said.slice(0, 300))}` : ''
  return new VmsError('VMS_E_RELAY', `MediaMTX refuses to ${what}: status ${status}${words}`)
}
