import { z } from '@hono/zod-openapi'
import type { CameraCoverage } from '../archive-service.ts'

const id = z.string().min(1).max(64)
const time = z.number().describe('wall-clock milliseconds')
const instant = (description: string) => z.string().max(64).optional().openapi({ description })

const span = {
  from: instant('RFC 3339, or like 14:00, "yesterday 14:00", -2h in the zone of the site; -24h when absent'),
  to: instant('the same; now when absent'),
}

export const cameraPath = z.object({ camera: id.openapi({ param: { name: 'camera', in: 'path' } }) })
/** A body that is no JSON. */
export const bytes = z.string().openapi({ type: 'string', format: 'binary' })
export const spanQuery = z.object(span)
export const coverageQuery = z.object({
  ...span,
  camera: z
    .union([id, z.array(id).max(1_000)])
    .optional()
    .openapi({ description: 'only these; may be repeated' }),
})

export const playbackQuery = z.object({
  from: z.string().max(64).openapi({ description: 'where to begin; as the other times' }),
  duration: z.string().max(32).optional().openapi({ description: 'like 90s or 10m; until now when absent' }),
  audio: z.enum(['true', 'false']).optional().openapi({ description: 'false leaves the sound out' }),
})

const segment = z
  .object({
    camera: z.string(),
    stream: z.enum(['main', 'sub']),
    session: z.string(),
    number: z.number(),
    path: z.string().describe('relative to the storage path'),
    start: time,
    end: time,
    bytes: z.number(),
    frames: z.number(),
    codec: z.string(),
    began: z.string(),
    ended: z.string().describe('empty while it is being written'),
    clockOffset: z.number().nullable().describe('camera minus ours, milliseconds'),
    sha256: z.string().nullable(),
  })
  .openapi('Segment')

export const segmentList = z
  .object({ camera: z.string(), start: time, end: time, segments: z.array(segment) })
  .openapi('SegmentList')

const cameraCoverage = z
  .object({
    camera: z.string(),
    pieces: z
      .array(
        z.object({
          start: time,
          end: time,
          state: z.string().describe('recorded, or why not') as z.ZodType<CameraCoverage['pieces'][number]['state']>,
          detail: z.string().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('CameraCoverage') satisfies z.ZodType<CameraCoverage>

export const coverage = z.object({ start: time, end: time, cameras: z.array(cameraCoverage) }).openapi('Coverage')
