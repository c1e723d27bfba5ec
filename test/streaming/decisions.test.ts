import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { refusal } from '../../src/streaming/admission.ts'
import { candidates, unsuitable } from '../../src/streaming/suits.ts'
import { urlsOf } from '../../src/streaming/urls.ts'

describe('who may watch', () => {
  const limits = { viewersPerStream: 2, viewersPerUser: 2, bandwidth: 10_000_000 }
  const at = (camera: string, user: string, bitrate = 1_000_000) => ({ camera, stream: 'sub' as const, user, bitrate })

  it('is told which limit is reached, and where it is set', () => {
    const full = [at('gate', 'anna'), at('gate', 'anna'), at('gate', 'ben')]
    expect(refusal(at('gate', 'cleo'), full, limits)).toMatch(/gate\/sub has 2 viewers, and 2 .*viewers_per_stream/)
    const busy = [at('gate', 'anna'), at('hall', 'anna')]
    expect(refusal(at('yard', 'anna'), busy, limits)).toMatch(/anna watches 2 streams, and 2 .*viewers_per_user/)
    expect(refusal(at('yard', 'ben', 2_000_000), [at('gate', 'anna', 9_000_000)], limits)).toMatch(
      /9 Mbps go to viewers and yard\/sub would add 2 Mbps; 10 Mbps are allowed/,
    )
  })

  it('is let in within them, and again whoever is there already', () => {
    expect(refusal(at('gate', 'cleo'), [at('gate', 'anna')], limits)).toBeUndefined()
    const full = [at('gate', 'anna', 9_500_000), at('gate', 'ben', 9_500_000)]
    expect(refusal(at('gate', 'anna'), full, limits)).toBeUndefined()
  })
})

describe('which stream suits', () => {
  it('WebRTC wants H.264 without B-frames; HLS, RTMP and RTSP leave it to the player', () => {
    expect(unsuitable('webrtc', { codec: 'h265', bFrames: false })).toMatch(/H\.265.*H\.264/)
    expect(unsuitable('webrtc', { codec: 'h264', bFrames: true })).toMatch(/B-frames/)
    for (const protocol of ['hls', 'rtmp'] as const)
      expect(unsuitable(protocol, { codec: 'h265', bFrames: true })).toBeUndefined()
    expect(unsuitable('webrtc', { codec: 'h264', bFrames: false })).toBeUndefined()
    expect(unsuitable('webrtc', { codec: null, bFrames: null })).toBeUndefined()
    expect(unsuitable('rtsp', { codec: 'h265', bFrames: true })).toBeUndefined()
  })

  it('the sub-stream first, where there is one and nothing else is asked', () => {
    expect(candidates(true, undefined)).toEqual(['sub', 'main'])
    expect(candidates(false, undefined)).toEqual(['main'])
    expect(candidates(true, 'main')).toEqual(['main'])
  })
})

describe('where a stream is to be had', () => {
  const key = { camera: 'gate', stream: 'sub' as const }
  it('names every door that is open, by the name of the machine where it listens everywhere', () => {
    const doors = {
      gateway: '0.0.0.0:8654',
      viewing: '127.0.0.1:8655',
      mediamtx: { rtsp: '[::1]:8554', webrtc: '127.0.0.1:8889' },
    }
    expect(urlsOf(key, true, doors).map(({ url }) => url)).toEqual([
      'http://127.0.0.1:8889/live/gate/whep',
      'http://127.0.0.1:8655/hls/gate/sub/index.m3u8',
      `rtsp://${hostname()}:8654/gate/sub`,
      'rtsp://[::1]:8554/live/gate',
    ])
    expect(urlsOf(key, true, { gateway: undefined })).toEqual([])
  })

  it('finds main at MediaMTX beside the sub-stream, and in its place where there is none', () => {
    const doors = { gateway: undefined, mediamtx: { rtmp: 'h:1935' } }
    const main = { camera: 'gate', stream: 'main' as const }
    expect(urlsOf(main, true, doors)[0]!.url).toBe('rtmp://h:1935/main/gate')
    expect(urlsOf(main, false, doors)[0]!.url).toBe('rtmp://h:1935/live/gate')
  })
})
