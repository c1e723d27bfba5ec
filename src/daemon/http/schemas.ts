import { z } from '@hono/zod-openapi'
import type { HealthReport, LogLine, RecordRequest, RecordResult, ReloadResult, SiteStatus } from '../types.ts'

// The shapes of the API for /openapi.json and for checking requests. `satisfies` keeps them equal to types.ts.

const id = z.string().min(1).max(64)
const names = z.array(z.string()).readonly()
const number = z.number().nullable()
const lost = z.record(z.string(), z.number()).readonly()

const streamStatus = z
  .object({
    state: z.enum(['idle', 'connecting', 'playing', 'stalled', 'backing-off']),
    reason: z.string().nullable(),
    since: z.number(),
    retryIn: number,
    codec: z.string().nullable(),
    audio: z.string().nullable(),
    width: number,
    height: number,
    bFrames: z.boolean().nullable(),
    fps: number,
    bitrate: number.describe('bit/s, measured over 10 s'),
    gop: number.describe('milliseconds'),
    keyFrameAge: number.describe('milliseconds'),
    readers: z.number(),
    framesReceived: z.number(),
    packetsLost: z.number(),
    damaged: z.number(),
    framesDropped: z.number(),
    clockOffset: number.describe('camera minus ours, milliseconds'),
    clockDrift: number.describe('parts per million'),
    reconnects: z.number(),
    notes: names,
  })
  .openapi('StreamStatus')

const recordingStatus = z
  .object({
    wanted: z.boolean(),
    engine: z.enum(['native', 'ffmpeg']),
    fallback: z.string().nullable(),
    active: z.boolean(),
    reason: z.string().nullable(),
    segment: z.string().nullable(),
    segments: z.number(),
    bytesWritten: z.number(),
    framesWritten: z.number(),
    lastWritten: number.describe('wall-clock milliseconds of the newest frame on disk'),
    lost: lost.describe('seconds since the worker began, by reason'),
  })
  .openapi('RecordingStatus')

const cameraReport = z
  .object({
    id: z.string(),
    group: z.string().nullable(),
    health: z.enum(['ok', 'starting', 'bad', 'off']),
    reason: z.string().nullable(),
    wish: z.object({
      record: z.boolean(),
      by: z.string().describe('configuration, schedule, or the person who said so'),
      at: number.describe('when the person said so, wall-clock milliseconds'),
      until: number.describe('when the schedule changes it, wall-clock milliseconds'),
    }),
    worker: number,
    main: streamStatus.nullable(),
    sub: streamStatus.nullable(),
    viewers: z.number().describe('people who watch the camera'),
    recording: recordingStatus.nullable(),
    writtenAge: number.describe('milliseconds since the newest frame on disk'),
    bytesOnDisk: z.number(),
    lost: lost.describe('seconds of the last 24 hours that are not on disk, by reason'),
  })
  .openapi('CameraReport')

const relayReport = z
  .object({
    state: z.enum(['missing', 'stopped', 'starting', 'running', 'waiting']),
    attached: z.string().nullable().describe('URL of the API of one that is not ours'),
    version: z.string().nullable(),
    pid: number,
    since: number,
    restarts: z.number(),
    doors: z
      .object({
        rtsp: z.string().nullable(),
        webrtc: z.string().nullable(),
        hls: z.string().nullable(),
        rtmp: z.string().nullable(),
      })
      .describe('host:port of each server'),
    trouble: z.string().nullable(),
    notes: names,
  })
  .openapi('RelayReport')

export const siteStatus = z
  .object({
    site: z.string(),
    timezone: z.string(),
    at: z.number(),
    daemon: z.object({
      pid: z.number(),
      version: z.string(),
      startedAt: z.number(),
      config: z.string(),
      stateDir: z.string(),
      configTrouble: z.string().nullable(),
    }),
    summary: z.object({
      cameras: z.number(),
      wanted: z.number(),
      ok: z.number(),
      starting: z.number(),
      bad: z.number(),
      off: z.number(),
      outsideSchedule: z.number().describe('those of off that are outside of their schedule now'),
      bitrate: z.number(),
      subStreams: z.number(),
      readers: z.number(),
      viewers: z.number(),
      diskFree: number,
      headroom: number.describe('milliseconds'),
    }),
    workers: z
      .array(
        z.object({
          slot: z.number(),
          pid: number,
          version: z.string().nullable(),
          startedAt: number,
          adopted: z.boolean(),
          restarts: z.number(),
          cameras: z.number(),
          trouble: z.string().nullable(),
          gateway: z.string().nullable(),
          gatewayTrouble: z.string().nullable(),
          viewing: z.string().nullable(),
          viewingTrouble: z.string().nullable(),
          memory: z.object({ used: z.number(), waiting: z.number() }).nullable(),
        }),
      )
      .readonly(),
    relay: relayReport.nullable(),
    notes: names,
    cameras: z.array(cameraReport).readonly(),
    omitted: z.number(),
  })
  .openapi('SiteStatus') satisfies z.ZodType<SiteStatus>

export const statusQuery = z.object({
  camera: z
    .union([id, z.array(id).max(10_000)])
    .optional()
    .openapi({ description: 'only these; may be repeated' }),
  attention: z.coerce.number().int().min(0).max(100_000).optional().openapi({
    description: 'only cameras in need of attention, and so many others',
  }),
})

export const recordRequest = z
  .object({
    cameras: z.array(id).max(100_000).readonly().optional(),
    group: id.optional(),
    all: z.boolean().optional(),
    by: z.string().max(128).optional().openapi({ description: 'who asks, for status and history' }),
  })
  .strict()
  .openapi('RecordRequest') satisfies z.ZodType<RecordRequest>

export const recordResult = z
  .object({
    record: z.boolean().nullable().describe('null: the configuration decides again'),
    cameras: names,
    changed: names,
  })
  .openapi('RecordResult') satisfies z.ZodType<RecordResult>

export const reloadResult = z
  .object({ added: names, removed: names, changed: names, settings: names, notes: names })
  .openapi('ReloadResult') satisfies z.ZodType<ReloadResult>

export const healthReport = z
  .object({ ready: z.boolean(), pid: z.number(), version: z.string(), startedAt: z.number(), plan: names })
  .openapi('HealthReport') satisfies z.ZodType<HealthReport>

export const stopRequest = z
  .object({ recorders: z.boolean().default(false) })
  .strict()
  .openapi('StopRequest')
export const stopResult = z.object({ pid: z.number() }).openapi('StopResult')

export const logsQuery = z.object({
  camera: id.optional(),
  lines: z.coerce.number().int().min(1).max(100_000).default(200),
})

const logLine = z
  .object({
    time: number,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    source: z.string(),
    camera: z.string().nullable(),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()).readonly(),
  })
  .openapi('LogLine') satisfies z.ZodType<LogLine>
export const logLines = z.object({ lines: z.array(logLine) }).openapi('LogLines')

export const apiError = z
  .object({
    error: z.object({
      code: z.string(),
      kind: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .openapi('Error')
