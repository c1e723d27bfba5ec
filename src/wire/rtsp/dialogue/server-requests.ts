import { RtspHeaders } from '../headers.ts'
import type { RtspRequest } from '../message.ts'
import { serializeResponse } from '../serialize.ts'

/** What a server may ask a client; the rest is answered 501. */
const ANSWERED = ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'ANNOUNCE', 'REDIRECT', 'TEARDOWN']

/** The answer to a request that the server sent us (RFC 2326 section 10: OPTIONS, GET_PARAMETER, ANNOUNCE, REDIRECT). */
export function answerServer(request: RtspRequest): Buffer {
  const headers = new RtspHeaders()
  for (const name of ['CSeq', 'Session']) {
    const value = request.headers.get(name)
    if (value !== undefined) headers.add(name, value)
  }
  const known = ANSWERED.includes(request.method)
  if (request.method === 'OPTIONS' || !known) headers.add('Public', ANSWERED.join(', '))
  return serializeResponse(known ? 200 : 501, headers)
}
