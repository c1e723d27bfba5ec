import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTarget } from '../../../src/media/viewing/request-target.ts'

const VIEWER = '0123456789abcdef01234567'

describe('the target of a request', () => {
  it('is one of ours, letter for letter', () => {
    expect(parseTarget('/')).toEqual({ kind: 'page', name: 'index.html' })
    expect(parseTarget('/watch/app.js?x=1')).toEqual({ kind: 'page', name: 'app.js' })
    expect(parseTarget('/hls/gate/poster.mp4')).toEqual({ kind: 'poster', camera: 'gate' })
    expect(parseTarget('/hls/gate/sub/index.m3u8')).toEqual({ kind: 'index', camera: 'gate', stream: 'sub' })
    const viewer = { camera: 'gate', stream: 'main', viewer: VIEWER }
    expect(parseTarget(`/hls/gate/main/${VIEWER}/live.m3u8?_HLS_msn=7`)).toEqual({
      ...{ kind: 'playlist', ...viewer },
      reload: { sequence: 7, part: undefined },
    })
    expect(parseTarget(`/hls/gate/main/${VIEWER}/part12.mp4`)).toEqual({ kind: 'media', ...viewer, name: 'part12.mp4' })
    expect(parseTarget('/api/cameras')).toEqual({ kind: 'api' })
  })

  it.each([
    '/hls/../main/index.m3u8',
    '/hls/gate/third/index.m3u8',
    '/hls/gate/main/index.m3u8/',
    `/hls/gate/main/${VIEWER}/../live.m3u8`,
    `/hls/gate/main/${VIEWER}/part1.ts`,
    `/hls/gate/main/${VIEWER.toUpperCase()}/live.m3u8`,
    '/watch/..',
    '/watch/a/b',
    '//watch',
    'http://elsewhere/watch',
    '*',
    '',
  ])('is nothing else: %s', url => {
    expect(parseTarget(url)).toBeUndefined()
  })

  it('never throws, and names no camera that cannot be one', () => {
    const piece = fc.oneof(
      fc.constantFrom('hls', 'watch', 'api', '..', 'main', 'sub', VIEWER, 'live.m3u8'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const target = parseTarget(`/${pieces.join('/')}`)
        if (target && 'camera' in target) expect(target.camera).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/)
      }),
    )
  })
})
