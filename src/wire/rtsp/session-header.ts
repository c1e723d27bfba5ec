import { splitParameter, splitUnquoted } from './parameters.ts'

/** A Session header (RFC 2326 section 12.37). */
export interface SessionHeader {
  readonly id: string
  /** Milliseconds, 1 000 to 86 400 000; undefined when the server names none (RFC: 60 s). */
  readonly timeout: number | undefined
}

/** The header's value read; undefined when there is no id in it. */
export function parseSession(value: string): SessionHeader | undefined {
  const [id, ...rest] = splitUnquoted(value, ';')
  if (id === undefined || id.length > 1_024) return undefined
  const seconds = Number.parseInt(new Map(rest.map(splitParameter)).get('timeout') ?? '', 10)
  return { id, timeout: seconds >= 1 ? Math.min(seconds, 86_400) * 1_000 : undefined }
}

/** The header's value, `timeout` rounded up to seconds. */
export function serializeSession(session: SessionHeader): string {
  return session.timeout === undefined ? session.id : `${session.id};timeout=${Math.ceil(session.timeout / 1_000)}`
}
