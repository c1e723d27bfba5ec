/** One entry of `cameras`, as it is written. */
export interface CameraEntry {
  /** An id, or a range like `hall-{001..040}`. */
  readonly id: string
  readonly main: string
  readonly sub?: string | undefined
  readonly group?: string | undefined
  readonly credentials?: string | undefined
  readonly engine?: string | undefined
  readonly record?: string | undefined
  /** Windows; instead of `record`. */
  readonly schedule?: readonly string[] | undefined
  readonly verify_tls?: string | undefined
}

/** Words that a YAML parser, ours or another, takes for something else than text. */
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** `value` as YAML: plain where every parser takes it for text, else in quotes. */
export function yamlText(value: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value)
}

/** `{ id: gate-1, main: "rtsp://10.0.0.11/1", group: outside }` */
export function renderCamera(entry: CameraEntry): string {
  const { id, record: word, schedule, verify_tls: verifyTls, ...rest } = entry
  const record = schedule === undefined ? word : `{ schedule: [${schedule.map(yamlText).join(', ')}] }`
  const name = id.includes('{') ? `range: ${yamlText(id)}` : `id: ${yamlText(id)}`
  const texts = Object.entries(rest).filter(([, value]) => value !== undefined)
  const truths = Object.entries({ record, verify_tls: verifyTls }).filter(([, value]) => value !== undefined)
  const pairs = [
    ...texts.map(([key, value]) => `${key}: ${yamlText(value as string)}`),
    ...truths.map(([key, value]) => `${key}: ${value}`),
  ]
  return `{ ${[name, ...pairs].join(', ')} }`
}
