import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { grants } from '../../access/index.ts'
import { isLoopback } from '../../config/listen-address.ts'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { TokenGate } from '../../media/viewers/index.ts'
import { type Admitted, admit, tokenOf } from '../../media/viewing/index.ts'
import type { ViewingDesk } from '../viewing/viewing-desk.ts'
import { WhepProxy } from './whep-proxy.ts'

/** Bytes of a request: an SDP offer of a browser has some thousand. */
const BODY_LIMIT = 64 * 1024

const STATUS = { 'not-found': 404, remote: 503, timeout: 504, usage: 400, conflict: 409 } as const

const connectRequest = z.object({
  camera: z.string().max(64),
  protocols: z.array(z.enum(['webrtc', 'hls'])).max(8),
})

export interface ViewingApiOptions {
  readonly desk: ViewingDesk
  readonly tokens: TokenGate
  /** Where the workers listen for viewers; undefined: nowhere. */
  readonly host: () => string | undefined
  readonly log: Logger
}

/**
 * What the watch page may ask of the daemon. Requests come from workers, at a Unix socket of its own, as browsers sent them:
 * nothing here changes anything, and everybody sees the cameras of their token alone.
 */
export function createViewingApi({ desk, tokens, host, log }: ViewingApiOptions): Hono<{ Variables: Admitted }> {
  const api = new Hono<{ Variables: Admitted }>()
  const whep = new WhepProxy()

  api.use('*', bodyLimit({ maxSize: BODY_LIMIT, onError: () => refuse(413, 'the request is too large') }))
  api.notFound(() => refuse(404, 'there is nothing at this address'))
  api.onError(error => {
    if (error instanceof VmsError && error.kind in STATUS)
      return refuse(STATUS[error.kind as keyof typeof STATUS], error.message)
    log.error({ error: messageOf(error) }, 'viewing request failed')
    return refuse(500, 'something went wrong here; the log of the daemon says what')
  })
  api.use('*', async (context, next) => {
    const who = await admit(headersOf(context), isLoopback(host() ?? ''), tokens)
    if ('status' in who) return refuse(who.status, who.reason)
    context.set('grant', who.grant)
    context.header('cache-control', 'no-store')
    await next()
    return undefined
  })

  api.get('/api/cameras', async context => {
    const grant = context.get('grant')
    const cameras = await desk.cameras(camera => !grant || grants(grant, camera))
    return context.json({ now: desk.now, cameras })
  })

  api.post('/api/connect', async context => {
    const asked = connectRequest.safeParse(await context.req.json().catch(() => undefined))
    if (!asked.success) return refuse(400, 'write { "camera": "...", "protocols": ["webrtc", "hls"] }')
    const { camera, protocols } = asked.data
    if (!mayWatch(context, camera)) return refuse(403, `the token does not open ${camera}`)
    return context.json(await desk.connect(camera, protocols, context.req.raw.signal))
  })

  api.post('/api/whep/:camera/:stream{main|sub}', async context => {
    const { camera, stream } = context.req.param()
    if (!mayWatch(context, camera)) return refuse(403, `the token does not open ${camera}`)
    if (!desk.has(camera)) return refuse(404, `there is no camera ${camera}`)
    const { relay } = desk
    if (!relay) return refuse(503, 'MediaMTX does not run')
    const target = { camera, stream: stream === 'main' ? ('main' as const) : ('sub' as const) }
    // A cookie that let nobody in is not shown further on.
    const token = context.get('grant') ? tokenOf(headersOf(context)) : undefined
    const found = await whep.offer(relay, target, await context.req.text(), token)
    if ('status' in found) return refuse(found.status, found.reason)
    const headers = { 'content-type': 'application/sdp', location: `/api/whep/${found.id}` }
    return context.body(found.answer, 201, headers)
  })

  api.delete('/api/whep/:id', async context => {
    await whep.end(context.req.param('id'))
    return context.body(null, 204)
  })
  return api
}

function mayWatch(context: Context<{ Variables: Admitted }>, camera: string): boolean {
  const grant = context.get('grant')
  return !grant || grants(grant, camera)
}

function headersOf(context: Context): Record<string, string> {
  return context.req.header()
}

function refuse(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status, headers: { 'cache-control': 'no-store' } })
}
