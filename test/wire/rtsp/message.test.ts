import { describe, expect, it } from 'vitest'
import {
  cseqOf,
  RtspHeaders,
  type RtspMessage,
  RtspStreamParser,
  serializeRequest,
  serializeResponse,
} from '../../../src/wire/rtsp/index.ts'

function parse(text: string): { messages: RtspMessage[]; malformed: string[] } {
  const messages: RtspMessage[] = []
  const malformed: string[] = []
  const parser = new RtspStreamParser({
    interleaved: () => {},
    message: message => void messages.push(message),
    malformed: reason => void malformed.push(reason),
  })
  parser.push(Buffer.from(text, 'latin1'))
  return { messages, malformed }
}

function one(text: string): RtspMessage {
  const { messages, malformed } = parse(text)
  expect(malformed).toEqual([])
  expect(messages).toHaveLength(1)
  return messages[0]!
}

describe('messages as cameras write them', () => {
  it.each([
    ['RTSP/1.0 200 OK\r\n\r\n', 200, 'OK'],
    ['RTSP/1.0 200\r\n\r\n', 200, ''],
    ['RTSP/1.0 200 \n\n', 200, ''],
    ['RTSP/1.0  404  Stream Not Found\r\n\r\n', 404, 'Stream Not Found'],
    ['rtsp/1.0 401 Unauthorized\n\n', 401, 'Unauthorized'],
    ['\r\n\r\nRTSP/2.0 200 OK\r\n\r\n', 200, 'OK'],
    ['\0RTSP/1.0 200 OK\r\r\n\r\r\n', 200, 'OK'],
  ])('%j is a response', (text, status, reason) => {
    expect(one(text)).toMatchObject({ type: 'response', status, reason })
  })

  it.each([
    ['OPTIONS * RTSP/1.0\r\n\r\n', 'OPTIONS', '*'],
    ['describe rtsp://h/a b RTSP/1.0\r\n\r\n', 'DESCRIBE', 'rtsp://h/a b'],
    ['GET_PARAMETER  rtsp://h/  RTSP/1.0\n\n', 'GET_PARAMETER', 'rtsp://h/'],
  ])('%j is a request', (text, method, uri) => {
    expect(one(text)).toMatchObject({ type: 'request', method, uri })
  })

  it.each([
    ['RTSP/1.0 OK\r\n\r\n', 'a status line without a status'],
    ['RTSP/1.0 20\r\n\r\n', 'a status line without a status'],
    ['OPTIONS rtsp://h/\r\n\r\n', 'a request line without URL or version'],
    ['OPTIONS\r\n\r\n', 'a request line without URL or version'],
    ['RTSP/1.0 200 OK\r\nContent-Length: many\r\n\r\n', 'Content-Length is no number'],
  ])('%j is neither, and the next message is read', (text, reason) => {
    const { messages, malformed } = parse(`${text}RTSP/1.0 200 OK\r\n\r\n`)
    expect(malformed).toEqual([reason])
    expect(messages).toHaveLength(1)
  })

  it('reads headers folded, spaced, doubled, or without a colon', () => {
    const { headers } = one(
      'RTSP/1.0 200 OK\r\nCseq :  7 \r\nPublic: OPTIONS,\r\n\tDESCRIBE\n  ,PLAY\r\nno colon here\r\n: no name\r\nX:\r\nx: 2\r\n\r\n',
    )
    expect([...headers]).toEqual([
      ['Cseq', '7'],
      ['Public', 'OPTIONS, DESCRIBE ,PLAY'],
      ['X', ''],
      ['x', '2'],
    ])
    expect(headers.all('X')).toEqual(['', '2'])
  })

  it.each([
    ['CSeq: 12', 12],
    ['cseq:3', 3],
    ['CSEQ: 4 ', 4],
    ['CSeq: none', undefined],
    ['Session: 1', undefined],
  ])('the CSeq of %j is %j', (line, cseq) => {
    expect(cseqOf(one(`RTSP/1.0 200 OK\r\n${line}\r\n\r\n`))).toBe(cseq)
  })

  it('reads two messages in one chunk, body and all', () => {
    const { messages } = parse('RTSP/1.0 200 OK\r\ncontent-length: 4\r\n\r\nbodyOPTIONS * RTSP/1.0\r\n\r\n')
    expect(messages.map(message => message.body.toString())).toEqual(['body', ''])
  })
})

describe('serialised messages', () => {
  it('cannot be given a header through a value', () => {
    const bytes = serializeRequest('PLAY', 'rtsp://h/ü x\r\nA: 1', [['B', 'c\r\nD: e']])
    expect(bytes.toString()).toBe('PLAY rtsp://h/%C3%BC%20x%0D%0AA:%201 RTSP/1.0\r\nB: c  D: e\r\n\r\n')
  })

  it('carry the length of a body and the phrase of a status', () => {
    const bytes = serializeResponse(454, new RtspHeaders([['CSeq', '2']]), 'höh')
    expect(bytes.toString()).toBe('RTSP/1.0 454 Session Not Found\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\nhöh')
  })
})

describe('RtspHeaders', () => {
  it('replaces all lines of a name by one, in the place of the first', () => {
    const headers = new RtspHeaders([
      ['A', '1'],
      ['b', '2'],
      ['a', '3'],
    ])
    expect([...headers.set('A', '4').set('C', '5')]).toEqual([
      ['A', '4'],
      ['b', '2'],
      ['C', '5'],
    ])
  })
})
