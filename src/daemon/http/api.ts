import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { ErrorKind } from '../../kernel/errors.ts'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { DaemonService } from '../service.ts'
import { addArchiveRoutes } from './archive-routes.ts'
import { json } from './json-answer.ts'
import { addLiveRoutes } from './live-routes.ts'
import * as schemas from './schemas.ts'

/** Bytes of a request: the ids of 100 000 cameras fit. */
const BODY_LIMIT = 8 * 1024 * 1024

const HTTP_STATUS = {
  bug: 500,
  usage: 400,
  'not-found': 404,
  conflict: 409,
  environment: 503,
  remote: 502,
  timeout: 504,
  check: 422,
  interrupted: 503,
} as const satisfies Record<ErrorKind, number>

const RECORD_ACTIONS = {
  start: { record: true, summary: 'Record these cameras from now on; outlives restarts and reboots' },
  stop: { record: false, summary: 'Do not record these cameras from now on; outlives restarts and reboots' },
  auto: {
    record: null,
    summary: 'Follow the configuration again, and its schedule: takes back what start and stop said',
  },
} as const

/** The daemon's HTTP API with its own description at /openapi.json. Errors are a VmsError as JSON, whatever went wrong. */
export function createApi(service: DaemonService, version: string, log: Logger): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: result => {
      if (result.success) return
      const faults = result.error.issues.map(issue => `${issue.path.join('.') || 'request'}: ${issue.message}`)
      throw new VmsError('VMS_E_USAGE', faults.slice(0, 5).join('; '))
    },
  })
  const errors = { default: json(schemas.apiError, 'What went wrong; the code is stable') }

  api.use(
    '*',
    bodyLimit({
      maxSize: BODY_LIMIT,
      onError: () => failure(new VmsError('VMS_E_USAGE', `the request is larger than ${BODY_LIMIT} bytes`)),
    }),
  )
  api.notFound(context =>
    failure(
      new VmsError('VMS_E_USAGE', `no such route: ${context.req.method} ${context.req.path.slice(0, 100)}`, {
        hint: 'See /openapi.json.',
      }),
      404,
    ),
  )
  api.onError(error => {
    if (error instanceof VmsError) return failure(error)
    const status = (error as { status?: number }).status
    if (status !== undefined && status < 500) return failure(new VmsError('VMS_E_USAGE', error.message))
    log.error({ error: messageOf(error), stack: error.stack }, 'request failed')
    return failure(new VmsError('VMS_E_BUG', messageOf(error)))
  })

  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/status',
      summary: 'Every camera, and whether all that should be recorded is',
      request: { query: schemas.statusQuery },
      responses: { 200: json(schemas.siteStatus, 'The site now'), ...errors },
    }),
    async context => {
      const { camera, attention } = context.req.valid('query')
      const cameras = camera === undefined ? undefined : [camera].flat()
      return context.json(await service.status({ cameras, attention }), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/health',
      summary: 'Whether the daemon is up',
      responses: { 200: json(schemas.healthReport, 'The daemon answers'), ...errors },
    }),
    context => context.json(service.health(), 200),
  )
  for (const [action, { record, summary }] of Object.entries(RECORD_ACTIONS)) {
    api.openapi(
      createRoute({
        method: 'post',
        path: `/v1/record/${action}`,
        summary,
        request: { body: { required: true, content: { 'application/json': { schema: schemas.recordRequest } } } },
        responses: { 200: json(schemas.recordResult, 'Noted and passed on'), ...errors },
      }),
      async context => context.json(await service.record(record, context.req.valid('json')), 200),
    )
  }
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/reload',
      summary: 'Read the configuration again; only what changed is touched',
      responses: { 200: json(schemas.reloadResult, 'What changed'), ...errors },
    }),
    async context => context.json(await service.reload(), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/v1/stop',
      summary: 'End the daemon; the recorders go on unless they are to end too',
      request: { body: { required: true, content: { 'application/json': { schema: schemas.stopRequest } } } },
      responses: { 200: json(schemas.stopResult, 'It ends now'), ...errors },
    }),
    context => {
      service.stop(context.req.valid('json').recorders)
      return context.json({ pid: process.pid }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/logs',
      summary: 'The newest log lines of daemon and workers',
      request: { query: schemas.logsQuery },
      responses: { 200: json(schemas.logLines, 'Oldest first'), ...errors },
    }),
    context => context.json({ lines: service.logs(context.req.valid('query')) }, 200),
  )
  addArchiveRoutes(api, service.archive)
  addLiveRoutes(api, service.live)
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'vmsctl daemon', version, description: 'Served on the Unix socket of the state directory.' },
  })
  return api
}

function failure(error: VmsError, status: number = HTTP_STATUS[error.kind]): Response {
  return Response.json({ error: error.toJSON() }, { status })
}
