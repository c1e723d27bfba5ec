import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseOf, controlIndex, parentOf, parseTarget } from '../../../src/media/rtsp-server/request-target.ts'

describe('the target of a request', () => {
  it.each([
    ['rtsp://host/gate-1/main', { path: '/gate-1/main', query: '' }],
    ['rtsp://host:8554/gate-1/main/', { path: '/gate-1/main', query: '' }],
    ['rtsps://user:p@ss@host/a?x=1&y=2/', { path: '/a', query: 'x=1&y=2' }],
    ['rtsp://host', { path: '/', query: '' }],
    ['/a/b', { path: '/a/b', query: '' }],
    ['rtsp://host/caf%C3%A9', { path: '/café', query: '' }],
    ['*', undefined],
    ['http://host/a', undefined],
    ['rtsp://host/%zz', undefined],
    ['rtsp://host/a%00b', undefined],
    ['rtsp://host/a%0d%0ab', undefined],
    [`rtsp://host/${'a'.repeat(3_000)}`, undefined],
  ])('%s', (uri, expected) => {
    expect(parseTarget(uri)).toEqual(expected)
  })

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3_000 }), text => {
        const target = parseTarget(`rtsp://h/${text}`)
        if (target) expect(target.path.startsWith('/')).toBe(true)
      }),
    )
  })

  it('takes a track off its presentation, query or not', () => {
    expect(parentOf('rtsp://u:p@host/a?x=1/trackID=2/')).toBe('rtsp://host/a?x=1')
    expect(controlIndex('rtsp://host/a?x=1/trackID=2/', ['trackID=1', 'trackID=2'])).toBe(1)
    expect(baseOf('rtsp://u:p@host/a/')).toBe('rtsp://host/a')
  })
})
