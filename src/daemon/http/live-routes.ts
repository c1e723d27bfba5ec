import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { LiveService } from '../../streaming/index.ts'
import { json } from './json-answer.ts'
import * as schemas from './live-schemas.ts'
import { apiError } from './schemas.ts'

const errors = { default: json(apiError, 'What went wrong; the code is stable') }

const body = <T>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })

/** Streams on demand, and who watches them. */
export function addLiveRoutes(api: OpenAPIHono, live: LiveService): void {
  addStreamRoutes(api, live)
  addViewerRoutes(api, live)
}

function addStreamRoutes(api: OpenAPIHono, live: LiveService): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/streams',
      summary: 'Streams on demand that are up or should be, and why',
      responses: { 200: json(schemas.streamList, 'By name'), ...errors },
    }),
    context => context.json({ streams: live.list() }, 200),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/streams/{camera}',
      summary: 'The streams of a camera, idle ones too',
      request: { params: schemas.cameraPath },
      responses: { 200: json(schemas.streamList, 'Sub-stream and main stream'), ...errors },
    }),
    context => context.json({ streams: live.status(context.req.valid('param').camera) }, 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/streams/{camera}/start',
      summary: 'Somebody watches: where, as soon as it plays, within 10 s',
      request: { params: schemas.cameraPath, body: body(schemas.startRequest) },
      responses: { 200: json(schemas.startResult, 'It plays'), ...errors },
    }),
    async context => context.json(await live.start(context.req.valid('param').camera, context.req.valid('json')), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/streams/{camera}/stop',
      summary: 'Somebody watches no more; the stream lingers after the last',
      request: { params: schemas.cameraPath, body: body(schemas.stopRequest) },
      responses: { 200: json(schemas.stopResult, 'Noted'), ...errors },
    }),
    context => context.json(live.stop(context.req.valid('param').camera, context.req.valid('json')), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/streams/{camera}/keep',
      summary: 'Keep a stream up though nobody watches, or no more; outlives restarts',
      request: { params: schemas.cameraPath, body: body(schemas.keepRequest) },
      responses: { 200: json(schemas.keepResult, 'Noted'), ...errors },
    }),
    context => context.json(live.keep(context.req.valid('param').camera, context.req.valid('json')), 200),
  )
}

function addViewerRoutes(api: OpenAPIHono, live: LiveService): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/viewers',
      summary: 'Who watches, by whichever protocol, and who is expected',
      request: { query: schemas.viewerQuery },
      responses: { 200: json(schemas.viewerList, 'The first to come first'), ...errors },
    }),
    context => context.json({ viewers: live.viewers(context.req.valid('query')) }, 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/viewers/connect',
      summary: 'Let somebody in: a stream that plays, its URL, and a token for it',
      request: { body: body(schemas.connectRequest) },
      responses: { 200: json(schemas.connectResult, 'It plays'), ...errors },
    }),
    async context => context.json(await live.connect(context.req.valid('json')), 200),
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/viewers/history',
      summary: 'Who watched what, from when to when',
      request: { query: schemas.historyQuery },
      responses: { 200: json(schemas.history, 'The newest first'), ...errors },
    }),
    context => context.json(live.history(context.req.valid('query')), 200),
  )
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/viewers/{id}',
      summary: 'End a session, or all that came of a connect, and take its token back',
      request: { params: schemas.viewerPath, query: schemas.disconnectQuery },
      responses: { 200: json(schemas.disconnectResult, 'It is gone'), ...errors },
    }),
    async context =>
      context.json(await live.disconnect(context.req.valid('param').id, context.req.valid('query').by), 200),
  )
}
