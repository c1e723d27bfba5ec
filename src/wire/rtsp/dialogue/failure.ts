import { type RtspResponse, reasonPhrase } from '../message.ts'

/** What ended a dialogue, in kinds that a caller may treat differently. */
export type FailureKind =
  | 'unauthorized'
  | 'auth-unsupported'
  | 'forbidden'
  | 'not-found'
  | 'not-enough-bandwidth'
  | 'session-not-found'
  | 'transport-refused'
  | 'no-sdp'
  | 'redirect-without-target'
  | 'server-error'
  | 'refused'
  | 'protocol'

export interface DialogueFailure {
  readonly kind: FailureKind
  /** Of the answer; undefined when it was not an answer that failed. */
  readonly status: number | undefined
  /** For a person: "404 no such stream". Holds nothing that the camera wrote. */
  readonly message: string
}

const BY_STATUS: Readonly<Record<number, readonly [kind: FailureKind, words: string]>> = {
  401: ['unauthorized', 'unauthorized'],
  403: ['forbidden', 'forbidden'],
  404: ['not-found', 'no such stream'],
  410: ['not-found', 'stream is gone'],
  453: ['not-enough-bandwidth', 'not enough bandwidth'],
  454: ['session-not-found', 'session not found'],
  461: ['transport-refused', 'transport refused'],
  503: ['server-error', 'service unavailable, often too many connections'],
}

/** The failure that an answer's status stands for. */
export function failureOf(response: RtspResponse, method: string): DialogueFailure {
  const { status } = response
  const known = BY_STATUS[status]
  if (known) return { kind: known[0], status, message: `${status} ${known[1]}` }
  const words = reasonPhrase(status).toLowerCase()
  const message = `${status}${words && ` ${words}`} to ${method}`
  return { kind: status >= 500 ? 'server-error' : 'refused', status, message }
}

/** A failure without an answer of its own. */
export function failure(kind: FailureKind, message: string, status?: number): DialogueFailure {
  return { kind, status, message }
}
