import { z } from '@hono/zod-openapi'
import type {
  ConnectRequest,
  ConnectResult,
  DisconnectResult,
  KeepRequest,
  KeepResult,
  StartRequest,
  StartResult,
  StopRequest,
  StopResult,
  StreamReport,
  ViewerReport,
  Viewing,
  Why,
} from '../../streaming/index.ts'

const id = z.string().min(1).max(64)
/** Stands on terminals, in lists and in logs. */
const line = z.string().regex(/^\P{Cc}*$/u, 'has control characters')
const user = line.trim().min(1).max(128)
const time = z.number().describe('wall-clock milliseconds')
const instant = z.string().max(64)
const stream = z.enum(['main', 'sub'])
const protocol = z.enum(['rtsp', 'hls', 'webrtc', 'rtmp'])
const by = z.enum(['gateway', 'mediamtx'])
/** Milliseconds that somebody may be counted who is not seen: a day at most. */
const span = z.number().int().min(1_000).max(86_400_000)

export const cameraPath = z.object({ camera: id.openapi({ param: { name: 'camera', in: 'path' } }) })
export const viewerPath = z.object({ id: id.openapi({ param: { name: 'id', in: 'path' } }) })

const why = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('viewer'), user: z.string(), protocol, since: time }),
  z.object({ kind: z.literal('lease'), user: z.string(), since: time, until: time }),
  z.object({ kind: z.literal('keep'), by: z.string(), since: time, until: time.nullable() }),
  z.object({ kind: z.literal('prewarm'), until: time.nullable() }),
  z.object({ kind: z.literal('linger'), until: time }),
]) satisfies z.ZodType<Why>

const streamReport = z
  .object({
    camera: z.string(),
    stream,
    state: z.enum(['idle', 'starting', 'running', 'lingering', 'stopping', 'failed']),
    since: time.nullable(),
    reason: z.string().nullable(),
    why: z.array(why).readonly(),
    viewers: z.number().describe('people, each counted once'),
    sessions: z.number(),
    bitrateIn: z.number().nullable().describe('bit/s from the camera'),
    bitrateOut: z.number().describe('bit/s to all viewers'),
    urls: z.array(z.object({ protocol, by, url: z.string() })).readonly(),
  })
  .openapi('LiveStream') satisfies z.ZodType<StreamReport>

export const streamList = z.object({ streams: z.array(streamReport).readonly() }).openapi('LiveStreams')

export const startRequest = z
  .object({
    user: user.openapi({ description: 'who watches; starting twice is one viewer' }),
    for: span
      .optional()
      .openapi({ description: 'milliseconds to count without being seen; viewing.lease when absent' }),
    quality: stream.optional(),
    protocol: protocol.optional(),
  })
  .strict()
  .openapi('StartRequest') satisfies z.ZodType<StartRequest>

export const startResult = z
  .object({
    stream: streamReport,
    user: z.string(),
    until: time,
    running: z.boolean().describe('whether it ran already'),
    took: z.number().describe('milliseconds'),
    note: z.string().nullable(),
  })
  .openapi('StartResult') satisfies z.ZodType<StartResult>

export const stopRequest = z
  .object({ user, quality: stream.optional() })
  .strict()
  .openapi('StopStreamRequest') satisfies z.ZodType<StopRequest>
export const stopResult = z
  .object({ user: z.string(), released: z.number(), streams: z.array(streamReport).readonly() })
  .openapi('StopStreamResult') satisfies z.ZodType<StopResult>

export const keepRequest = z
  .object({
    by: user,
    until: instant.optional().openapi({ description: 'as 18:00 or RFC 3339; until it is taken back when absent' }),
    off: z.boolean().optional(),
    quality: stream.optional(),
  })
  .strict()
  .openapi('KeepRequest') satisfies z.ZodType<KeepRequest>
export const keepResult = z
  .object({ stream: streamReport, changed: z.boolean() })
  .openapi('KeepResult') satisfies z.ZodType<KeepResult>

const viewer = z
  .object({
    id: z.string(),
    connection: z.string().nullable().describe('what viewers/connect gave'),
    user: z.string(),
    camera: z.string(),
    stream,
    state: z.enum(['watching', 'expected']),
    protocol: protocol.nullable(),
    client: z.string().nullable(),
    address: z.string().nullable(),
    since: time,
    until: time.nullable(),
    bytes: z.number(),
    bitrate: z.number().describe('bit/s'),
  })
  .openapi('Viewer') satisfies z.ZodType<ViewerReport>
export const viewerQuery = z.object({ camera: id.optional(), user: user.optional() })
export const viewerList = z.object({ viewers: z.array(viewer).readonly() }).openapi('Viewers')

export const connectRequest = z
  .object({
    camera: id,
    user,
    client: line.max(256).optional(),
    protocol: protocol.optional(),
    quality: stream.optional(),
    for: z
      .number()
      .int()
      .min(60_000)
      .max(31 * 86_400_000)
      .optional()
      .openapi({ description: 'life of the token, ms' }),
  })
  .strict()
  .openapi('ConnectRequest') satisfies z.ZodType<ConnectRequest>
export const connectResult = z
  .object({
    id: z.string(),
    user: z.string(),
    client: z.string().nullable(),
    camera: z.string(),
    stream,
    protocol,
    by,
    url: z.string(),
    token: z.string(),
    expires: time,
    until: time,
    iceServers: z
      .array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }))
      .readonly(),
    note: z.string().nullable(),
  })
  .openapi('Connection') satisfies z.ZodType<ConnectResult>

export const disconnectQuery = z.object({ by: user.default('somebody') })
export const disconnectResult = z
  .object({ ended: z.number(), revoked: z.boolean() })
  .openapi('DisconnectResult') satisfies z.ZodType<DisconnectResult>

export const historyQuery = z.object({
  camera: id.optional(),
  user: user.optional(),
  from: instant.optional().openapi({ description: 'RFC 3339, or like "yesterday 14:00"; -24h when absent' }),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
})
const viewing = z
  .object({
    camera: z.string(),
    stream,
    user: z.string(),
    protocol,
    client: z.string().nullable(),
    address: z.string(),
    started: time,
    ended: time.nullable(),
    bytes: z.number(),
    how: z.string().nullable(),
  })
  .openapi('Viewing') satisfies z.ZodType<Viewing>
export const history = z.object({ from: time, to: time, viewings: z.array(viewing) }).openapi('ViewingHistory')
