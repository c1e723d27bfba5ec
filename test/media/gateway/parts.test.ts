import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback } from '../../../src/config/listen-address.ts'
import { awaitSession } from '../../../src/media/gateway/await-session.ts'
import { MediaTimeline } from '../../../src/media/gateway/media-timeline.ts'
import { MAX_PROXY_LINE, parseProxyLine, proxyLine } from '../../../src/media/gateway/proxy-line.ts'
import { sameTracks } from '../../../src/media/gateway/same-tracks.ts'
import { cameraOfPath, parseStreamPath } from '../../../src/media/gateway/stream-path.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { AUDIO, mediaSession, TestCamera, VIDEO } from './support.ts'

describe('the PROXY line', () => {
  const connection = fc.record({
    sourceAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    sourcePort: fc.nat(65_535),
    destinationAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    destinationPort: fc.nat(65_535),
  })

  it('comes back as it was, however much of it and of what follows has come', () => {
    fc.assert(
      fc.property(connection, fc.uint8Array(), (given, tail) => {
        const line = proxyLine(given)
        const bytes = Buffer.concat([Buffer.from(line), tail])
        for (let size = 0; size < line.length; size++) expect(parseProxyLine(bytes.subarray(0, size))).toBeUndefined()
        expect(parseProxyLine(bytes)).toEqual({ connection: given, length: line.length })
      }),
    )
  })

  it('is nothing else, and is decided within its bound', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: MAX_PROXY_LINE, maxLength: 300 }), bytes => {
        expect(parseProxyLine(Buffer.from(bytes))).toBe('invalid')
      }),
    )
    expect(parseProxyLine(Buffer.from('PROXY UNKNOWN\r\n'))).toBe('invalid')
  })
})

describe('paths', () => {
  it.each([
    ['/gate-1/main', { camera: 'gate-1', stream: 'main' }],
    ['/gate-1/sub/trackID=0', { camera: 'gate-1', stream: 'sub' }],
    ['/gate-1', undefined],
    ['/gate-1/third', undefined],
    ['/', undefined],
    ['//main', undefined],
  ])('%s', (path, expected) => {
    expect(parseStreamPath(path)).toEqual(expected)
  })

  it('knows the camera of a path that is wrong otherwise', () => {
    expect(cameraOfPath('/gate-1/third')).toBe('gate-1')
    expect(cameraOfPath('/')).toBe('')
  })
})

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])('%s is', host => {
    expect(isLoopback(host)).toBe(true)
  })
  it.each(['0.0.0.0', '::', '192.168.0.1', '127.example.org', '', '::ffff:10.0.0.1'])('%s is not', host => {
    expect(isLoopback(host)).toBe(false)
  })
})

describe('the time line', () => {
  it('never goes back, whatever the clock does between sessions', () => {
    const jump = fc.record({ start: fc.nat(1e6), wall: fc.integer({ min: -1e12, max: 1e12 }) })
    fc.assert(
      fc.property(fc.array(jump, { maxLength: 20 }), jumps => {
        const line = new MediaTimeline()
        let last = -1
        for (const { start, wall } of jumps) {
          line.restart()
          line.advance(start, wall)
          expect(line.anchor!.time).toBeGreaterThan(last)
          expect(line.anchor!.time).toBeLessThanOrEqual(last + 601)
          last = line.anchor!.time
        }
      }),
    )
  })
})

describe('whether a reader can go on', () => {
  const changed = (fields: object) => ({ ...VIDEO, source: { ...VIDEO.source, ...fields } })
  const aac = (config: string) => ({
    source: { ...AUDIO.source, codec: 'aac' as const },
    parameters: { codec: 'aac' as const, config: Buffer.from(config, 'hex'), sampleRate: 48_000, channels: 1 },
  })

  it.each([
    ['another SDP place', mediaSession({ tracks: [changed({ control: 'x', payloadType: 97 }), AUDIO] }), true],
    ['another codec', mediaSession({ tracks: [changed({ codec: 'h265' }), AUDIO] }), false],
    ['another clock', mediaSession({ tracks: [changed({ clockRate: 1 }), AUDIO] }), false],
    ['a track less', mediaSession({ tracks: [VIDEO] }), false],
    ['no video', mediaSession({ video: -1 }), false],
  ])('%s', (_name, after, expected) => {
    expect(sameTracks(mediaSession(), after)).toBe(expected)
  })

  it('needs the same AAC configuration, which cannot travel in band', () => {
    const [a, b] = [mediaSession({ tracks: [aac('1188')] }), mediaSession({ tracks: [aac('1190')] })]
    expect(sameTracks(a, a)).toBe(true)
    expect(sameTracks(a, b)).toBe(false)
  })
})

describe('waiting for a stream to start', () => {
  const never = new AbortController().signal

  it('demands it and has its session at once when it begins', async () => {
    const readers: number[] = []
    const camera = new TestCamera(count => readers.push(count))
    const found = awaitSession(camera.hub, new FakeClock(), never)
    expect(readers).toEqual([1])
    camera.begin()
    const running = await found
    if (typeof running === 'string') throw new Error(running)
    expect(running.session).toBe(camera.hub.session)
    running.leave()
    running.leave()
    expect(readers).toEqual([1, 0])
  })

  it('gives the session of a stream that runs', async () => {
    const camera = new TestCamera()
    camera.begin()
    expect(await awaitSession(camera.hub, new FakeClock(), never)).toMatchObject({ session: { id: 's1' } })
  })

  it('is told what the camera says it will send, before a picture comes, where that is enough', async () => {
    const camera = new TestCamera()
    const early = awaitSession(camera.hub, new FakeClock(), never, true)
    let patient: unknown
    void awaitSession(camera.hub, new FakeClock(), never).then(found => {
      patient = found
    })
    const announced = mediaSession()
    camera.hub.announce(announced)
    expect(await early).toMatchObject({ session: announced })
    expect(await awaitSession(camera.hub, new FakeClock(), never, true)).toMatchObject({ session: announced })
    expect(patient).toBeUndefined()
    camera.begin()
    expect(camera.hub.announced).toBeUndefined()
  })

  it('gives up after 10 s, and ends its demand', async () => {
    const camera = new TestCamera()
    const clock = new FakeClock()
    const found = awaitSession(camera.hub, clock, never)
    clock.advance(10_000)
    expect(await found).toBe('stream does not start')
    expect(camera.hub.readers).toBe(0)
    expect(clock.delays).toEqual([])
  })

  it('says what the trouble is, after 3 s', async () => {
    const camera = new TestCamera()
    camera.hub.trouble = '401 unauthorized'
    const clock = new FakeClock()
    const found = awaitSession(camera.hub, clock, never)
    clock.advance(3_000)
    expect(await found).toBe('401 unauthorized')
  })

  it('ends when the client leaves', async () => {
    const camera = new TestCamera()
    const aborter = new AbortController()
    const found = awaitSession(camera.hub, new FakeClock(), aborter.signal)
    aborter.abort()
    expect(await found).toBe('client left')
    expect(camera.hub.readers).toBe(0)
  })
})
