import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi'
import type { ArchiveService } from '../archive-service.ts'
import * as schemas from './archive-schemas.ts'
import { apiError } from './schemas.ts'

function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** What the archive holds, and what became of the rest. */
export function addArchiveRoutes(api: OpenAPIHono, archive: ArchiveService): void {
  const errors = { default: json(apiError, 'What went wrong; the code is stable') }
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/archive/coverage',
      summary: 'What became of each moment of cameras: recorded, or why not',
      request: { query: schemas.coverageQuery },
      responses: { 200: json(schemas.coverage, 'Pieces of each camera, in order'), ...errors },
    }),
    async context => {
      const { camera, ...span } = context.req.valid('query')
      return context.json(await archive.coverage(camera === undefined ? undefined : [camera].flat(), span), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'get',
      path: '/v1/archive/{camera}/segments',
      summary: 'Segments of a camera that overlap a span, the one being written too',
      request: { params: schemas.cameraPath, query: schemas.spanQuery },
      responses: { 200: json(schemas.segmentList, 'In order of start'), ...errors },
    }),
    async context =>
      context.json(await archive.segments(context.req.valid('param').camera, context.req.valid('query')), 200),
  )
}
