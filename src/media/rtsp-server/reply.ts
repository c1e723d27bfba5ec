import { type RtspRequest, serializeResponse } from '../../wire/rtsp/index.ts'
import type { ServerConnection } from './server-connection.ts'
import type { Refusal } from './types.ts'

export interface ReplyFields {
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
  /** In place of the RFC's Reason-Phrase. */
  readonly reason?: string
}

/** Answers a request. */
export function reply(
  connection: ServerConnection,
  request: RtspRequest,
  status: number,
  fields: ReplyFields = {},
): void {
  const headers: (readonly [string, string])[] = [
    ['CSeq', request.headers.get('CSeq') ?? '0'],
    ['Server', connection.server.name],
    ...(fields.headers ?? []),
  ]
  connection.write(serializeResponse(status, headers, fields.body, fields.reason))
}

/** Answers that a request is not served, and why. */
export function refuse(connection: ServerConnection, request: RtspRequest, refusal: Refusal): void {
  reply(connection, request, refusal.status, { reason: refusal.reason })
}

/** Tells a refusal from what a handler gives when it agrees. */
export function isRefusal(answer: object): answer is Refusal {
  return 'status' in answer && 'reason' in answer
}
