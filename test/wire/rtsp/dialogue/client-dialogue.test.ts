import { describe, expect, it } from 'vitest'
import {
  type DialogueEvent,
  type DialogueOptions,
  type DialogueStep,
  RtspClientDialogue,
  RtspHeaders,
  type RtspMessage,
  type RtspRequest,
  RtspStreamParser,
} from '../../../../src/wire/rtsp/index.ts'
import { parseSdp } from '../../../../src/wire/sdp/index.ts'

const SDP = [
  'v=0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:trackID=1',
  'm=audio 0 RTP/AVP 0',
  'a=control:trackID=2',
].join('\r\n')

type Headers = Record<string, string>

/** A dialogue and what it sent; the test plays the camera. */
class Talk {
  readonly dialogue: RtspClientDialogue
  readonly sent: RtspRequest[] = []
  readonly answers: RtspMessage[] = []
  readonly events: DialogueEvent[] = []
  readonly #parser = new RtspStreamParser({
    interleaved: () => {},
    message: message => void (message.type === 'request' ? this.sent.push(message) : this.answers.push(message)),
    malformed: reason => {
      throw new Error(reason)
    },
  })

  constructor(options: Partial<DialogueOptions> = {}) {
    this.dialogue = new RtspClientDialogue({ url: 'rtsp://u:p@cam/a', userAgent: 'test', random: () => 0, ...options })
    this.take(this.dialogue.start())
  }

  take({ send, event }: DialogueStep): void {
    if (send) this.#parser.push(send)
    if (event) this.events.push(event)
  }

  write(bytes: Buffer | undefined): void {
    if (bytes) this.#parser.push(bytes)
  }

  get last(): RtspRequest {
    return this.sent[this.sent.length - 1]!
  }

  /** Answers the last request. */
  answer(status: number, headers: Headers = {}, body = ''): this {
    const lines = new RtspHeaders(Object.entries({ CSeq: this.last.headers.get('CSeq') ?? '', ...headers }))
    const message = { type: 'response', status, reason: '', headers: lines, body: Buffer.from(body) } as const
    this.take(this.dialogue.receive(message))
    return this
  }

  ask(method: string, headers: Headers = {}, body = ''): this {
    const lines = new RtspHeaders(Object.entries({ CSeq: '900', ...headers }))
    const message = { type: 'request', method, uri: '*', headers: lines, body: Buffer.from(body) } as const
    this.take(this.dialogue.receive(message))
    return this
  }

  described(headers: Headers = {}, sdp = SDP): this {
    return this.answer(200, { Public: 'OPTIONS, GET_PARAMETER' }).answer(200, headers, sdp)
  }

  setUp(headers: Headers = {}, sdp = SDP): this {
    this.described(headers, sdp)
    this.take(this.dialogue.setup(parseSdp(sdp).tracks))
    return this
  }

  playing(): this {
    this.setUp()
    this.answer(200, { Session: 'S;timeout=20', Transport: this.last.headers.get('Transport') ?? '' })
    this.answer(200, { Session: 'S', Transport: this.last.headers.get('Transport') ?? '' })
    return this.answer(200, { Session: 'S' })
  }

  get methods(): string {
    return this.sent.map(request => request.method).join(' ')
  }
}

const challenge = (nonce: string, more = ''): Headers => ({
  'WWW-Authenticate': `Digest realm="r", nonce="${nonce}"${more}`,
})
const credentials = { username: 'u', password: 'p' }

describe('RtspClientDialogue', () => {
  it('goes from OPTIONS to PLAY and TEARDOWN', () => {
    const talk = new Talk().playing()
    expect(talk.methods).toBe('OPTIONS DESCRIBE SETUP SETUP PLAY')
    expect(talk.sent.map(request => request.uri)).toEqual([
      'rtsp://cam/a',
      'rtsp://cam/a',
      'rtsp://cam/a/trackID=1',
      'rtsp://cam/a/trackID=2',
      'rtsp://cam/a',
    ])
    expect(talk.sent.map(request => request.headers.get('Transport'))).toEqual([
      undefined,
      undefined,
      'RTP/AVP/TCP;unicast;interleaved=0-1',
      'RTP/AVP/TCP;unicast;interleaved=2-3',
      undefined,
    ])
    expect(talk.sent.map(request => request.headers.get('Session'))).toEqual([
      undefined,
      undefined,
      undefined,
      'S',
      'S',
    ])
    expect(talk.events.map(({ type }) => type)).toEqual(['described', 'set-up', 'playing'])
    expect(talk.events[2]).toMatchObject({ keepAlive: 10_000 })
    talk.write(talk.dialogue.teardown())
    expect(talk.last).toMatchObject({ method: 'TEARDOWN', uri: 'rtsp://cam/a' })
    expect(talk.dialogue.teardown()).toBeUndefined()
    talk.answer(200)
    expect(talk.events[3]).toEqual({ type: 'ended' })
  })

  it('resolves controls against Content-Base and the session control', () => {
    const talk = new Talk().setUp({ 'Content-Base': 'rtsp://10.0.0.9/b/' }, `v=0\na=control:all\n${SDP}`)
    expect(talk.last.uri).toBe('rtsp://cam/b/trackID=1')
    talk.answer(200, { Session: 'S' }).answer(200, { Session: 'S' })
    expect(talk.last).toMatchObject({ method: 'PLAY', uri: 'rtsp://cam/b/all' })
  })

  it('honours the channels that the server answers', () => {
    const talk = new Talk().setUp()
    talk.answer(200, { Session: 'S', Transport: 'RTP/AVP/TCP;unicast;interleaved=6-7;ssrc=AB' })
    expect(talk.last.headers.get('Transport')).toContain('interleaved=8-9')
    talk.answer(200, { Session: 'S', Transport: 'RTP/AVP/TCP;interleaved=6-7' })
    talk.answer(200, { 'RTP-Info': 'url=rtsp://x/a/trackID=2;seq=5;rtptime=6,url=trackID=1;seq=7;rtptime=8' })
    expect(talk.events[2]).toMatchObject({
      tracks: [
        { rtpChannel: 6, rtcpChannel: 7, ssrc: 0xab, firstSequence: 7, firstTimestamp: 8 },
        { rtpChannel: 8, rtcpChannel: 9, ssrc: undefined, firstSequence: 5, firstTimestamp: 6 },
      ],
    })
  })

  it('hashes the URL as it sends it', () => {
    const sdp = SDP.replace('trackID=1', 'track 1')
    const talk = new Talk({ credentials }).setUp({}, sdp).answer(401, challenge('n'))
    expect(talk.last.uri).toBe('rtsp://cam/a/track%201')
    expect(talk.last.headers.get('Authorization')).toContain('uri="rtsp://cam/a/track%201"')
  })

  it('never sends user info from the URL', () => {
    for (const request of new Talk().playing().sent) expect(request.uri).not.toContain('@')
  })

  it.each([
    [403, 'forbidden', '403 forbidden'],
    [404, 'not-found', '404 no such stream'],
    [453, 'not-enough-bandwidth', '453 not enough bandwidth'],
    [500, 'server-error', '500 internal server error to DESCRIBE'],
    [406, 'refused', '406 not acceptable to DESCRIBE'],
    [499, 'refused', '499 to DESCRIBE'],
  ])('names a DESCRIBE that is answered %i', (status, kind, message) => {
    const talk = new Talk().answer(200).answer(status)
    expect(talk.events).toEqual([{ type: 'failed', failure: { kind, status, message } }])
    expect(talk.methods).toBe('OPTIONS DESCRIBE')
  })

  it.each([405, 501, 400, 200])('goes on to DESCRIBE when OPTIONS is answered %i', status => {
    expect(new Talk().answer(status).methods).toBe('OPTIONS DESCRIBE')
  })

  it('needs an SDP', () => {
    for (const body of ['', 'hello', 'v=0\r\ns=x\r\n']) {
      const talk = new Talk().answer(200).answer(200, {}, body)
      expect(talk.events[0]).toMatchObject({ failure: { kind: 'no-sdp', message: 'describe gave no SDP with media' } })
    }
  })

  it.each([
    [461, {}, 'transport-refused', '461 transport refused'],
    [
      200,
      { Transport: 'RTP/AVP;unicast;client_port=1-2' },
      'transport-refused',
      'the camera refused TCP transport and chose UDP',
    ],
    [454, {}, 'session-not-found', '454 session not found'],
  ])('gives up when the video is answered %i %j', (status, headers, kind, message) => {
    const talk = new Talk().setUp().answer(status, headers as Headers)
    expect(talk.events[1]).toMatchObject({ type: 'failed', failure: { kind, message } })
  })

  it('goes on without sound when only that is refused', () => {
    const talk = new Talk().setUp().answer(200, { Session: 'S' }).answer(461)
    expect(talk.last.method).toBe('PLAY')
    expect(talk.dialogue.notes).toEqual(['The audio track was refused: 461 transport refused.'])
    expect(talk.events[1]).toMatchObject({ type: 'set-up', tracks: [{ rtpChannel: 0 }] })
  })

  it('tears down what was set up when it fails later', () => {
    const talk = new Talk().setUp().answer(200, { Session: 'S' }).answer(200, { Session: 'S' }).answer(500)
    expect(talk.methods).toBe('OPTIONS DESCRIBE SETUP SETUP PLAY TEARDOWN')
    expect(talk.events[2]).toMatchObject({ type: 'failed', failure: { kind: 'server-error' } })
  })

  describe('with a login', () => {
    it('answers a challenge once and sends credentials from then on', () => {
      const talk = new Talk({ credentials }).answer(401, challenge('n')).described()
      expect(talk.sent.map(request => request.headers.has('Authorization'))).toEqual([false, true, true])
      expect(talk.events[0]).toMatchObject({ type: 'described' })
    })

    it('is refused at the second 401', () => {
      const talk = new Talk({ credentials }).answer(200).answer(401, challenge('n')).answer(401, challenge('m'))
      expect(talk.methods).toBe('OPTIONS DESCRIBE DESCRIBE')
      expect(talk.events).toEqual([
        { type: 'failed', failure: { kind: 'unauthorized', status: 401, message: '401 unauthorized' } },
      ])
    })

    it('says when it does not know the scheme', () => {
      const talk = new Talk({ credentials }).answer(401, { 'WWW-Authenticate': 'NTLM' })
      expect(talk.events[0]).toMatchObject({ failure: { kind: 'auth-unsupported' } })
    })

    it('meets a 401 that comes only at SETUP, and nonces that change on the way', () => {
      const talk = new Talk({ credentials }).setUp().answer(401, challenge('n'))
      expect(talk.last).toMatchObject({ method: 'SETUP', uri: 'rtsp://cam/a/trackID=1' })
      talk.answer(200, { Session: 'S' }).answer(401, challenge('m', ', stale=true'))
      expect(talk.last.headers.get('Transport')).toContain('2-3')
      talk.answer(200, { Session: 'S' }).answer(401, challenge('o'))
      expect(talk.last.method).toBe('PLAY')
      talk.answer(200)
      expect(talk.events[2]).toMatchObject({ type: 'playing' })
      talk.write(talk.dialogue.keepAlive())
      talk.answer(401, challenge('p'))
      expect(talk.last.method).toBe('GET_PARAMETER')
      talk.write(talk.dialogue.teardown())
      talk.answer(401, challenge('q')).answer(200)
      expect(talk.events[3]).toEqual({ type: 'ended' })
    })
  })

  describe('keep-alive', () => {
    it('is GET_PARAMETER where Public has it, and OPTIONS after that was refused', () => {
      const talk = new Talk().playing()
      talk.write(talk.dialogue.keepAlive())
      expect(talk.last).toMatchObject({ method: 'GET_PARAMETER' })
      expect(talk.last.headers.get('Session')).toBe('S')
      talk.answer(405)
      talk.write(talk.dialogue.keepAlive())
      expect(talk.last.method).toBe('OPTIONS')
      expect(talk.events).toHaveLength(3)
    })

    it('goes on with OPTIONS when the login is refused for GET_PARAMETER alone, and fails when it is for both', () => {
      const talk = new Talk({ credentials }).answer(401, challenge('n')).playing()
      talk.write(talk.dialogue.keepAlive())
      talk.answer(401, challenge('n'))
      expect(talk.events).toHaveLength(3)
      talk.write(talk.dialogue.keepAlive())
      expect(talk.last.method).toBe('OPTIONS')
      talk.answer(401, challenge('n'))
      expect(talk.events[3]).toMatchObject({ failure: { kind: 'unauthorized' } })
    })

    it('goes on when the last one was never answered', () => {
      const talk = new Talk().playing()
      talk.write(talk.dialogue.keepAlive())
      talk.write(talk.dialogue.keepAlive())
      expect(talk.methods.endsWith('GET_PARAMETER GET_PARAMETER')).toBe(true)
      // The answer to the first is late and says nothing about the second.
      talk.answer(454, { CSeq: talk.sent.at(-2)?.headers.get('CSeq') ?? '' })
      expect(talk.events).toHaveLength(3)
    })

    it('finds out that the session is gone', () => {
      const talk = new Talk().playing()
      talk.write(talk.dialogue.keepAlive())
      talk.answer(454)
      expect(talk.events[3]).toMatchObject({ failure: { kind: 'session-not-found' } })
      expect(talk.last.method).toBe('GET_PARAMETER')
    })

    it('is not sent before PLAY is answered', () => {
      expect(new Talk().setUp().dialogue.keepAlive()).toBeUndefined()
    })
  })

  it('takes answers from a camera that does not count, or answers CSeq 1 always', () => {
    for (const CSeq of ['1', 'x']) {
      const talk = new Talk()
      talk.answer(200, { CSeq }).answer(200, { CSeq }, SDP)
      expect(talk.events).toMatchObject([{ type: 'described' }])
    }
  })

  it('ignores a doubled answer, an interim one, and one to nothing', () => {
    const talk = new Talk().answer(200)
    talk.answer(100).answer(404, { CSeq: '2' })
    expect(talk.events).toEqual([])
    talk.answer(200, {}, SDP).answer(500)
    expect(talk.events).toHaveLength(1)
  })

  it.each([301, 302, 305])('follows a %i', status => {
    const talk = new Talk().answer(200).answer(status, { Location: 'rtsp://x:y@other/b' })
    expect(talk.events).toEqual([{ type: 'redirected', url: 'rtsp://other/b' }])
    const lost = new Talk().answer(status)
    expect(lost.events).toMatchObject([{ failure: { kind: 'redirect-without-target' } }])
  })

  describe('asked by the server', () => {
    it.each([
      ['OPTIONS', 200],
      ['GET_PARAMETER', 200],
      ['SET_PARAMETER', 200],
      ['RECORD', 501],
    ])('%s is answered %i', (method, status) => {
      const talk = new Talk().playing().ask(method, { Session: 'S' })
      expect(talk.answers).toMatchObject([{ type: 'response', status }])
      expect(talk.answers[0]?.headers.get('CSeq')).toBe('900')
      expect(talk.events).toHaveLength(3)
    })

    it('ANNOUNCE brings a new description', () => {
      const talk = new Talk().playing().ask('ANNOUNCE', {}, SDP)
      expect(talk.events[3]).toMatchObject({ type: 'announced', description: { tracks: [{ codec: 'h264' }, {}] } })
    })

    it('REDIRECT is answered, torn down and followed', () => {
      const talk = new Talk().playing().ask('REDIRECT', { Location: 'rtsp://other/' })
      expect(talk.answers).toMatchObject([{ status: 200 }])
      expect(talk.last.method).toBe('TEARDOWN')
      expect(talk.events[3]).toEqual({ type: 'redirected', url: 'rtsp://other/' })
    })
  })
})
