import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Clock } from '../../kernel/clock.ts'

/** Milliseconds in which a client has to take an answer. */
const TAKE_TIME = 20_000

/** On every answer: nothing is guessed, told on, or shown inside another site's page. */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

export interface Answer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: readonly Uint8Array[]
  /** Names what is sent; a client that has it already is told so. */
  readonly etag?: string
}

/** Sends an answer, or that nothing has changed. Gives the bytes of the body that go out. A client that does not take it is dropped. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, clock: Clock): number {
  const { status, headers, body = [], etag } = answer
  if (response.headersSent || response.destroyed) return 0
  const length = body.reduce((sum, { length }) => sum + length, 0)
  const all = { ...ALWAYS, ...headers, ...(etag === undefined ? {} : { etag: `"${etag}"` }) }
  if (etag !== undefined && hasIt(request.headers['if-none-match'], etag)) {
    response.writeHead(304, all).end()
    return 0
  }
  response.writeHead(status, { ...all, 'content-length': length })
  if (request.method === 'HEAD') {
    response.end()
    return 0
  }
  for (const piece of body) response.write(piece)
  response.end()
  if (response.writableLength > 0) dropWhenStuck(response, clock)
  return length
}

/** An error, for a person and as JSON. */
export function refusal(status: number, message: string, headers: OutgoingHttpHeaders = {}): Answer {
  return json(status, { error: { message } }, headers)
}

export function json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  const body = [Buffer.from(`${JSON.stringify(value)}\n`)]
  return { status, body, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers } }
}

function hasIt(header: string | undefined, etag: string): boolean {
  return header?.split(',').some(each => each.trim().replace(/^W\//, '') === `"${etag}"`) === true
}

function dropWhenStuck(response: ServerResponse, clock: Clock): void {
  const timer = clock.after(TAKE_TIME, () => response.destroy()).unref()
  response.once('close', () => timer.cancel()).once('finish', () => timer.cancel())
}
