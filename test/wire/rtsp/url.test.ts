import { describe, expect, it } from 'vitest'
import {
  baseUrl,
  RtspHeaders,
  type RtspResponse,
  redirectTarget,
  resolveControl,
  splitUrl,
  wireUrl,
} from '../../../src/wire/rtsp/index.ts'

function response(headers: [string, string][]): RtspResponse {
  return { type: 'response', status: 200, reason: 'OK', headers: new RtspHeaders(headers), body: Buffer.alloc(0) }
}

describe('resolveControl', () => {
  const plain = 'rtsp://10.0.0.1:554/live/ch0'
  const dahua = 'rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0'
  it.each([
    ['absent', plain, '', plain],
    ['*', plain, '*', plain],
    ['relative', plain, 'trackID=1', `${plain}/trackID=1`],
    ['relative to a base with slash', `${plain}/`, 'trackID=1', `${plain}/trackID=1`],
    ['with a leading slash', plain, '/trackID=1', `${plain}/trackID=1`],
    ['with a leading slash, base with slash', `${plain}/`, '/trackID=1', `${plain}/trackID=1`],
    ['relative behind a query', dahua, 'trackID=0', `${dahua}/trackID=0`],
    ['a query of its own', plain, '?ctype=video', `${plain}?ctype=video`],
    ['absolute', plain, 'rtsp://10.0.0.1:554/live/ch0/track1', `${plain}/track1`],
    ['absolute on an inner host', plain, 'rtsp://192.168.0.9/live/ch0/track1', `${plain}/track1`],
    ['absolute on port 0', plain, 'rtsp://10.0.0.1:0/t1?x=1', 'rtsp://10.0.0.1:554/t1?x=1'],
    ['absolute with a user', plain, 'RTSP://admin:pw@10.0.0.1/t1', 'rtsp://10.0.0.1:554/t1'],
    ['absolute and empty', plain, 'rtsp://', plain],
    ['spaces around', plain, '  trackID=1 ', `${plain}/trackID=1`],
    ['behind TLS', 'rtsps://h/a', 'rtsp://h/a/t1', 'rtsps://h/a/t1'],
  ])('%s', (_name, base, control, wanted) => {
    expect(resolveControl(base, control)).toBe(wanted)
  })
})

describe('baseUrl', () => {
  const request = 'rtsp://cam.example:8554/a'
  it.each<[string, [string, string][], string]>([
    ['Content-Base', [['content-base', 'rtsp://cam.example:8554/a/']], 'rtsp://cam.example:8554/a/'],
    ['without slash', [['Content-Base', 'rtsp://cam.example:8554/a']], 'rtsp://cam.example:8554/a'],
    ['an inner host', [['Content-Base', 'rtsp://10.0.0.9:0/b/']], 'rtsp://cam.example:8554/b/'],
    ['a path', [['Content-Base', '/b/']], 'rtsp://cam.example:8554/b/'],
    ['Content-Location', [['Content-Location', 'rtsp://h/c']], 'rtsp://cam.example:8554/c'],
    [
      'both',
      [
        ['Content-Location', 'rtsp://h/c'],
        ['Content-Base', 'rtsp://h/b'],
      ],
      'rtsp://cam.example:8554/b',
    ],
    [
      'nonsense before Content-Location',
      [
        ['Content-Base', 'b'],
        ['Content-Location', '/c'],
      ],
      'rtsp://cam.example:8554/c',
    ],
    ['an empty one', [['Content-Base', ' ']], request],
    ['nothing', [], request],
  ])('%s', (_name, headers, wanted) => {
    expect(baseUrl(response(headers), request)).toBe(wanted)
  })

  it('never repeats the user info of the request', () => {
    expect(baseUrl(response([]), 'rtsp://u:p@h/a')).toBe('rtsp://h/a')
  })
})

describe('wireUrl', () => {
  it.each([
    ['rtsp://h', 'rtsp://h/'],
    ['rtsp://h?a=1', 'rtsp://h/?a=1'],
    ['rtsp://u:p@h:554/a?b=c#d', 'rtsp://h:554/a?b=c'],
    ['rtsp://u:p@ss@h/a', 'rtsp://h/a'],
    ['rtsp://u:p%40ss@[::1]:554/Streaming/Channels/101', 'rtsp://[::1]:554/Streaming/Channels/101'],
    ['RTSPS://h/A%20b', 'rtsps://h/A%20b'],
  ])('%s', (url, wanted) => {
    expect(wireUrl(url)).toBe(wanted)
  })
})

describe('splitUrl', () => {
  it.each(['http://h/', 'rtsp:/h', 'rtsp://', 'rtsp:///a', 'rtsp://u@/a', `rtsp://h/${'x'.repeat(9_000)}`])(
    '%s is none',
    url => {
      expect(splitUrl(url)).toBeUndefined()
    },
  )
})

describe('redirectTarget', () => {
  it.each([
    ['rtsp://u:p@other:8554/b', 'rtsp://other:8554/b'],
    [' /b ', 'rtsp://h:554/b'],
    ['http://other/', undefined],
    ['//other/b', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (location, wanted) => {
    expect(redirectTarget(location, 'rtsp://h:554/a')).toBe(wanted)
  })
})
