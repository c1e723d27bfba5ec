import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { ArchiveService } from '../archive-service.ts'
import * as schemas from './archive-schemas.ts'
import { json } from './json-answer.ts'
import { apiError } from './schemas.ts'

/** Bytes as they are asked for: whoever reads slowly makes nothing wait in memory. */
function byteStream(bytes: AsyncGenerator<Buffer, unknown>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async controller => {
        const { done, value } = await bytes.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => void (await bytes.return(undefined)),
    },
    { highWaterMark: 0 },
  )
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
      path: '/v1/archive/{camera}/playback',
      summary: 'Footage as one fragmented MP4 that begins with the key frame at or before `from`',
      description: 'Gaps keep their time. It ends where the codec parameters change: ask for what is behind anew.',
      request: { params: schemas.cameraPath, query: schemas.playbackQuery },
      responses: { 200: { description: 'MP4', content: { 'video/mp4': { schema: schemas.bytes } } }, ...errors },
    }),
    async context => {
      const { audio, ...query } = context.req.valid('query')
      const { signal } = context.req.raw
      const wanted = { ...query, audio: audio !== 'false' }
      const { from, bytes } = await archive.playback(context.req.valid('param').camera, wanted, signal)
      const headers = {
        'content-type': 'video/mp4',
        'cache-control': 'no-store',
        // What is made while it is sent has no byte positions (RFC 9110, section 14.3): players seek by asking for another `from`.
        'accept-ranges': 'none',
        'vmsctl-from': String(from),
      }
      return new Response(byteStream(bytes), { headers }) as never
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
