import { z } from 'zod'
import { duration, oneOf, rawText, size, text, timezone, truth, whole, wholeOr } from './fields.ts'

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

export const storageSchema = z.strictObject({
  path: text(1_024, 'Directory of the recordings. A relative path counts from the directory of this file.'),
  segment: duration(1_000, 3_600_000, 'Length of a segment, 1 s to 1 h. Default: 180s.').optional(),
  names: oneOf(['utc', 'local'], 'Time in the names of segment files. Default: utc.').optional(),
  sync: duration(100, 3_600_000, 'Most that a power cut can lose; never leaves it to the system. Default: 30s.', {
    never: true,
  }).optional(),
  memory: size(1e6, 64 * 2 ** 30, 'Most that may wait in memory for a slow or full disk. Default: 512MB.').optional(),
})

export const gatewaySchema = z.strictObject({
  listen: rawText(300, {
    description: 'host:port of the RTSP server for viewers. Default: 127.0.0.1:8654.',
  }).optional(),
  credentials: name(
    'Name under credentials that viewers log in with. Needed unless the address is loopback.',
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

const settings = {
  transport: oneOf(['tcp'], 'How RTP travels: tcp, interleaved in the RTSP connection. Default: tcp.').optional(),
  credentials: name('Name under credentials that the camera is opened with.').optional(),
  engine: oneOf(
    ['native', 'ffmpeg'],
    'Recorder: native, or one ffmpeg process per camera. Default: native.',
  ).optional(),
  record: truth('Whether it is recorded when nobody said start or stop. Default: true.').optional(),
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

/** The sections of the file and what they are called in messages. */
export const fileSchema = z.strictObject({
  site: siteSchema.optional(),
  storage: storageSchema,
  gateway: gatewaySchema.optional(),
  limits: limitsSchema.optional(),
  credentials: z.record(z.string().meta({ pattern: NAME_PATTERN }), credentialSchema).optional(),
  defaults: settingsSchema.optional(),
  groups: z.record(z.string().meta({ pattern: NAME_PATTERN }), settingsSchema).optional(),
  cameras: z.array(cameraSchema).optional(),
})

export type RawSettings = z.output<typeof settingsSchema>
export type RawCamera = z.output<typeof cameraSchema>

/** JSON Schema (draft 7, which editors' YAML language server reads) of vms.yaml. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' }) as Record<string, unknown>
  // Keys that begin with x- are the user's own, to hang anchors on.
  return { title: 'vmsctl configuration (vms.yaml)', ...schema, patternProperties: { '^x-': {} } }
}
