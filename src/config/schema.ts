import { z } from 'zod'
import {
  bitRate,
  duration,
  oneOf,
  percentage,
  rawText,
  recordWord,
  size,
  text,
  timezone,
  truth,
  whole,
  wholeOr,
} from './fields.ts'

/*
 * The keys of vms.yaml, part by part. What concerns more than one key (ids, ranges, references, URLs) is in resolve-*.ts.
 * Defaults stand in defaults.ts.
 */

const NAME_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$'
const RANGE_PATTERN = '^[A-Za-z0-9._-]*\\{\\d{1,9}\\.\\.\\d{1,9}\\}[A-Za-z0-9._-]*$'

/** A name that is checked where it is used. */
const name = (description: string) => rawText(4_096, { pattern: NAME_PATTERN, description })
const url = (description: string) => rawText(8_192, { pattern: '^rtsps?://', description })

export const siteSchema = z.strictObject({
  name: text(64, 'Name of the site, for people. Default: the host name.').optional(),
  timezone: timezone('IANA time zone of the site, such as Europe/Paris. Default: that of the system.').optional(),
})

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Shown where somebody writes a single value for a mapping. */
const mapping = (example: string, description: string) => ({ description, examples: [example] })

const headroomSchema = z
  .strictObject({
    warn: duration(60_000, 365 * DAY, 'Hours of writing left below which people are told. Default: 24h.').optional(),
    delete: duration(
      60_000,
      365 * DAY,
      'Hours left below which the oldest footage is deleted. Default: 4h.',
    ).optional(),
    protect: duration(60_000, 365 * DAY, 'Footage as young as this is never deleted. Default: 1h.').optional(),
  })
  .meta(
    mapping(
      '{ warn: 24h, delete: 4h }',
      'Room that is kept: hours for which the cameras can go on writing, at the bit rate measured.',
    ),
  )

export const storageSchema = z.strictObject({
  path: text(1_024, 'Directory of the recordings. A relative path counts from the directory of this file.'),
  segment: duration(1_000, 3_600_000, 'Length of a segment, 1 s to 1 h. Default: 180s.').optional(),
  names: oneOf(['utc', 'local'], 'Time in the names of segment files. Default: utc.').optional(),
  sync: duration(100, 3_600_000, 'Most that a power cut can lose; never leaves it to the system. Default: 30s.', {
    never: true,
  }).optional(),
  memory: size(1e6, 64 * 2 ** 30, 'Most that may wait in memory for a slow or full disk. Default: 512MB.').optional(),
  headroom: headroomSchema.optional(),
  policy: oneOf(
    ['oldest-first', 'by-priority', 'fair-by-days'],
    'Which camera gives first when room is made. Default: oldest-first.',
  ).optional(),
})

export const gatewaySchema = z.strictObject({
  listen: rawText(300, {
    description: 'host:port of the RTSP server for viewers. Default: 127.0.0.1:8654.',
  }).optional(),
  credentials: name(
    'Name under credentials of a login for every camera. Without one, viewers from elsewhere need a token.',
  ).optional(),
  linger: duration(0, 3_600_000, 'How long a sub-stream runs on after its last reader. Default: 30s.').optional(),
})

export const limitsSchema = z.strictObject({
  connects_per_second: whole(1, 10_000, 'New camera connections a second, all cameras. Default: 10.').optional(),
  connects_per_host: whole(1, 1_000, 'Connections being set up at once to one host and port. Default: 4.').optional(),
  workers: wholeOr('auto', 1, 64, 'Media worker processes. Default: auto, by cores and cameras.').optional(),
})

/** Where a password stands; exactly one of the keys. */
export const passwordPlaceSchema = z
  .strictObject({
    file: text(1_024, 'File whose first line is the password.').optional(),
    env: text(256, 'Environment variable that holds the password.').optional(),
    systemd: text(255, 'Name of a systemd credential (LoadCredential=).').optional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })

export const credentialSchema = z.strictObject({
  username: text(256, 'User name.'),
  password: z.union([text(1_024, 'The password itself. Better is a reference.'), passwordPlaceSchema]),
})

const retentionSchema = z
  .strictObject({
    age: duration(
      HOUR,
      36_500 * DAY,
      'How long footage is kept, such as 30d; or never. Default: while there is room.',
      {
        never: true,
      },
    ).optional(),
    quota: size(1e6, 1e15, 'Most that a camera may take, under groups all of the group; or none. Default: no limit.', {
      none: true,
    }).optional(),
  })
  .meta(mapping('{ age: 30d }', 'How long footage is kept, and how much of it.'))

const window = (description: string) => rawText(200, { description, examples: ['* 7-18 * * 1-5'] })
const FIELDS = 'five fields as in a crontab, minute hour day month weekday, in the zone of the site'

/** Read by ScheduleReader, which tells the faults of each window. `effect`: what a minute that matches does. */
const scheduleSchemaOf = (effect: string) => {
  const one = () => window(`A window: ${FIELDS}; every minute that they match ${effect}.`)
  return z.strictObject({
    schedule: z
      .union([one(), z.array(one()).meta({ minItems: 1 })])
      .meta({ description: `One window or a list of them: ${FIELDS}; every minute that they match ${effect}.` }),
  })
}
export const scheduleSchema = scheduleSchemaOf('is recorded')

const settings = {
  transport: oneOf(['tcp'], 'How RTP travels: tcp, interleaved in the RTSP connection. Default: tcp.').optional(),
  credentials: name('Name under credentials that the camera is opened with.').optional(),
  engine: oneOf(
    ['native', 'ffmpeg'],
    'Recorder: native, or one ffmpeg process per camera. Default: native.',
  ).optional(),
  record: z
    .union([recordWord('Whether it is recorded when nobody said start or stop.'), scheduleSchema])
    .meta({
      description:
        'Whether it is recorded when nobody said start or stop: always, never, or a schedule. Default: always.',
    })
    .optional(),
  prewarm: z
    .union([
      recordWord('Whether the stream for viewers runs while nobody watches.'),
      scheduleSchemaOf('keeps the stream up'),
    ])
    .meta({
      description:
        'Whether the stream for viewers runs while nobody watches, so that the first need not wait: always, never, or a schedule. Default: never.',
    })
    .optional(),
  retention: retentionSchema.optional(),
  priority: whole(1, 100, 'By priority, the lowest gives its oldest footage first. Default: 50.').optional(),
  linger: duration(
    0,
    3_600_000,
    'How long a sub-stream runs on after its last reader. Default: that of the gateway.',
  ).optional(),
  verify_tls: truth('Whether the certificate of an rtsps camera is checked. Default: true.').optional(),
}

export const settingsSchema = z.strictObject(settings)

export const cameraSchema = z
  .strictObject({
    id: rawText(4_096, {
      pattern: NAME_PATTERN,
      description: 'Name of the camera: letters, digits, ".", "_", "-"; 1 to 64.',
    }).optional(),
    range: rawText(4_096, {
      pattern: RANGE_PATTERN,
      description: 'Names of many like cameras: "hall-{001..040}".',
    }).optional(),
    main: url(
      'URL of the main stream. In a range, {n} is the number, {nnn} is padded to three digits, {n+100} is moved.',
    ),
    sub: url('URL of the sub-stream.').optional(),
    group: name('Group of the camera.').optional(),
    ...settings,
  })
  .meta({ oneOf: [{ required: ['id'] }, { required: ['range'] }] })

/** One way to tell of alarms; exactly one of command, webhook and journal. */
export const alarmTargetSchema = z
  .strictObject({
    name: name('What it is called in `vmsctl alarm test --to NAME` and in the log.'),
    command: z
      .array(text(1_024, 'A word of the command line.'))
      .meta({
        description: 'Program and arguments, as a list; no shell. It gets the message as JSON on standard input.',
      })
      .optional(),
    webhook: rawText(2_048, {
      pattern: '^https?://',
      description: 'URL that the message is posted to as JSON. It is shown without its path.',
    }).optional(),
    key: z
      .union([text(1_024, 'The key itself. Better is a reference.'), passwordPlaceSchema])
      .meta({ description: 'Key that the webhook is signed with: HMAC-SHA256 over time stamp, "." and body.' })
      .optional(),
    journal: truth('Writes a line to the log of the daemon.').optional(),
    timeout: duration(1_000, 300_000, 'How long one try may take. Default: 30s.').optional(),
  })
  .meta({ oneOf: [{ required: ['command'] }, { required: ['webhook'] }, { required: ['journal'] }] })

export const alarmsSchema = z.strictObject({
  not_recorded: duration(10_000, 86_400_000, 'A wanted camera without a recorded second for so long. Default: 60s.', {
    never: true,
  }).optional(),
  coverage: percentage(
    'A wanted camera with less than this percentage of the last hour; or never. Default: 99.',
  ).optional(),
  headroom: duration(
    60_000,
    2_592_000_000,
    'Less than this time until the disk is full, at the measured bit rate. Default: storage.headroom.warn.',
    {
      never: true,
    },
  ).optional(),
  remind: duration(60_000, 2_592_000_000, 'How long until an alarm that lasts is told again. Default: 6h.', {
    never: true,
  }).optional(),
  deliver: z.array(alarmTargetSchema).meta({ description: 'Who is told. Default: the log of the daemon.' }).optional(),
})

const viewingLimitsSchema = z
  .strictObject({
    viewers_per_stream: whole(1, 100_000, 'People who may watch one stream. Default: 500.').optional(),
    viewers_per_user: whole(1, 100_000, 'Streams that one person may watch at once. Default: 16.').optional(),
    bandwidth: bitRate(1e6, 1e12, 'Most that goes out to all viewers together. Default: 500Mbps.').optional(),
  })
  .meta(mapping('{ viewers_per_stream: 100 }', 'How many may watch; who comes after that is refused with the reason.'))

export const viewingSchema = z.strictObject({
  listen: rawText(300, {
    description:
      'host:port of HLS and the watch page, or never. Beyond this machine tokens are needed. Default: 127.0.0.1:8655.',
  }).optional(),
  lease: duration(
    5_000,
    86_400_000,
    'How long a viewer counts who said that it watches and is not seen to. Default: 30s.',
  ).optional(),
  history: duration(3_600_000, 3_650 * DAY, 'How long it is kept who watched what. Default: 90d.').optional(),
  limits: viewingLimitsSchema.optional(),
})

/** The mapping form of `registry`. */
export const registrySchema = z
  .strictObject({
    url: rawText(2_048, { pattern: '^rediss?://', description: 'redis://host:port/database, or rediss:// for TLS.' }),
    credentials: name('Name under credentials that Redis is opened with.').optional(),
  })
  .meta(mapping('{ url: "redis://127.0.0.1:6379/0" }', 'Redis, and the login to it.'))
const port = (description: string) => whole(0, 65_535, `${description}; 0 turns it off.`)

/** A running MediaMTX that is not ours to start. */
const attachSchema = z
  .strictObject({
    url: rawText(2_048, {
      pattern: '^https?://',
      description: 'URL of its control API, such as http://127.0.0.1:9997.',
    }),
    credentials: name('Name under credentials that its API asks for.').optional(),
  })
  .meta(mapping('{ url: "http://127.0.0.1:9997", credentials: relay }', 'A running MediaMTX; vmsctl starts none then.'))

/** A server that helps WebRTC through address translation. */
export const iceServerSchema = z.strictObject({
  url: rawText(512, { pattern: '^(stun|turns?):', description: 'stun:, turn: or turns: and host:port.' }),
  credentials: name('Name under credentials that the TURN server asks for.').optional(),
})

const iceUrl = rawText(512, { pattern: '^(stun|turns?):', description: 'stun:host:port' })

export const mediamtxSchema = z.strictObject({
  run: oneOf(
    ['auto', 'always', 'never'],
    'Whether the daemon runs MediaMTX: auto is when it is found. Default: auto.',
  ).optional(),
  program: text(1_024, 'MediaMTX itself: a path, or a name to look for on PATH. Default: mediamtx.').optional(),
  api: rawText(300, {
    description: 'host:port on loopback of its control API. Default: 127.0.0.1:9997.',
  }).optional(),
  attach: attachSchema.optional(),
  auth: rawText(300, {
    description: 'host:port on loopback where the daemon says who may watch. Default: 127.0.0.1:8656.',
  }).optional(),
  host: text(
    255,
    'Address that viewers connect to; 0.0.0.0 is every one of this machine. Default: 127.0.0.1.',
  ).optional(),
  rtsp: port('Port for RTSP, 8554 by default').optional(),
  webrtc: port('Port for WebRTC (WHEP over HTTP), 8889 by default').optional(),
  webrtc_udp: port('UDP port for the media of WebRTC, 8189 by default').optional(),
  hls: port('Port for HLS, 8888 by default').optional(),
  rtmp: port('Port for RTMP, 1935 by default').optional(),
  hls_variant: oneOf(
    ['low-latency', 'segments'],
    'low-latency: parts of 200 ms; segments: 6 of 2 s, for old players. Default: low-latency.',
  ).optional(),
  webrtc_hosts: z
    .array(text(255, 'An address or a host name.'))
    .meta({ description: 'Further addresses at which browsers reach this machine, such as that of a router.' })
    .optional(),
  ice_servers: z
    .array(z.union([iceUrl, iceServerSchema]))
    .meta({ description: 'STUN and TURN servers, as URL or as { url, credentials }. Default: none.' })
    .optional(),
  networks: z
    .array(rawText(64, { description: 'A network such as 10.0.0.0/8, or an address.' }))
    .meta({ description: 'Networks that viewers may come from. Default: any; a token is asked for in any case.' })
    .optional(),
})

/** The sections of the file and what they are called in messages. */
export const fileSchema = z.strictObject({
  site: siteSchema.optional(),
  storage: storageSchema,
  gateway: gatewaySchema.optional(),
  limits: limitsSchema.optional(),
  alarms: alarmsSchema.optional(),
  viewing: viewingSchema.optional(),
  registry: z
    .union([
      rawText(2_048, { pattern: '^rediss?://', description: 'URL of a Redis server: redis://host:port/database.' }),
      registrySchema,
    ])
    .meta({
      description: 'Redis server that is told which streams run, for other programs to read. Default: none.',
    })
    .optional(),
  mediamtx: mediamtxSchema.optional(),
  credentials: z.record(z.string().meta({ pattern: NAME_PATTERN }), credentialSchema).optional(),
  defaults: settingsSchema.optional(),
  groups: z.record(z.string().meta({ pattern: NAME_PATTERN }), settingsSchema).optional(),
  cameras: z.array(cameraSchema).optional(),
})

export type RawHeadroom = z.output<typeof headroomSchema>
export type RawSettings = z.output<typeof settingsSchema>
export type RawCamera = z.output<typeof cameraSchema>

/** JSON Schema (draft 7, which editors' YAML language server reads) of vms.yaml. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' }) as Record<string, unknown>
  // Keys that begin with x- are the user's own, to hang anchors on.
  return { title: 'vmsctl configuration (vms.yaml)', ...schema, patternProperties: { '^x-': {} } }
}
