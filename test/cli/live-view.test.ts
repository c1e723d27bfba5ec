import { describe, expect, it } from 'vitest'
import { sayWhy } from '../../src/cli/live-words.ts'
import { PLAIN } from '../../src/cli/palette.ts'
import { formatTime } from '../../src/cli/status-view.ts'
import {
  renderKept,
  renderStarted,
  renderStopped,
  renderStreamStatus,
  renderStreams,
} from '../../src/cli/stream-view.ts'
import { renderConnection, renderHistory, renderViewers } from '../../src/cli/viewer-view.ts'
import type { StreamReport, ViewerReport } from '../../src/streaming/index.ts'

const now = Date.UTC(2026, 10, 25, 12)
const at = formatTime(now)
const later = formatTime(now + 30_000)

function stream(over: Partial<StreamReport> = {}): StreamReport {
  return {
    camera: 'gate-1',
    stream: 'sub',
    state: 'running',
    since: now - 65_000,
    reason: null,
    why: [{ kind: 'viewer', user: 'anna', protocol: 'rtsp', since: now }],
    viewers: 1,
    sessions: 1,
    bitrateIn: 1_000_000,
    bitrateOut: 2_000_000,
    urls: [{ protocol: 'rtsp', by: 'gateway', url: 'rtsp://127.0.0.1:8654/gate-1/sub' }],
    ...over,
  }
}

describe('streams on a screen', () => {
  it('begin with the answer, and say why each is up', () => {
    const failed = stream({ camera: 'yard', state: 'failed', reason: 'refused', why: [], viewers: 0, bitrateIn: null })
    const lines = renderStreams([stream(), failed], now, PLAIN).split('\n')
    expect(lines[0]).toBe('1 stream is up for 1 viewer, 1 Mbps in, 4 Mbps out.')
    expect(lines[2]).toMatch(new RegExp(`gate-1/sub +running +1 min 5 s +1 +1 Mbps +2 Mbps +anna by RTSP since ${at}`))
    expect(lines[3]).toMatch(/yard\/sub +failed .*refused/)
    expect(renderStreams([], now, PLAIN)).toBe('Nothing is watched, and no stream is up.')
  })

  it('say every kind of reason in words, and of many the first few', () => {
    expect(sayWhy([{ kind: 'linger', until: now + 30_000 }])).toBe(`lingering until ${later}`)
    expect(sayWhy([{ kind: 'keep', by: 'root', since: now, until: null }])).toBe('kept up by root')
    expect(sayWhy([{ kind: 'prewarm', until: null }])).toBe('kept warm by configuration')
    const lease = { kind: 'lease' as const, user: 'ben', since: now, until: now + 30_000 }
    expect(sayWhy([lease, lease, lease, lease, lease])).toMatch(/^ben is expected until .*, and 2 more$/)
  })

  it('that were started name where, until when, and why it is not the first choice', () => {
    const result = { stream: stream(), user: 'anna', until: now + 30_000, running: false, took: 412, note: null }
    const text = renderStarted(result, PLAIN)
    expect(text).toContain(`gate-1/sub plays after 412 ms. anna counts as a viewer until ${later}.`)
    expect(text).toContain('RTSP    rtsp://127.0.0.1:8654/gate-1/sub')
    expect(renderStarted({ ...result, note: 'sub: it is H265' }, PLAIN)).toContain(
      '! Not the first choice: sub: it is H265.',
    )
  })

  it('that were stopped say for whom they go on', () => {
    const result = { user: 'ben', released: 1, streams: [stream()] }
    expect(renderStopped('gate-1', result)).toBe(
      `ben watches gate-1 no more.\ngate-1/sub is running: anna by RTSP since ${at}.`,
    )
    expect(renderStopped('gate-1', { user: 'ben', released: 0, streams: [] })).toBe('ben had not asked for gate-1.')
  })

  it('of a camera are shown with all their reasons', () => {
    const text = renderStreamStatus(
      [stream(), stream({ stream: 'main', state: 'idle', since: null, why: [] })],
      now,
      PLAIN,
    )
    expect(text).toMatch(/gate-1\/sub is running for 1 min 5 s: 1 viewer, 1 Mbps in, 2 Mbps out\./)
    expect(text).toMatch(/gate-1\/main is idle: /)
  })

  it('that are kept say so', () => {
    const kept = stream({ why: [{ kind: 'keep', by: 'root', since: now, until: now + 30_000 }] })
    expect(renderKept({ stream: kept, changed: true }, false)).toBe(`gate-1/sub is kept up by root until ${later}.`)
    expect(renderKept({ stream: stream(), changed: false }, true)).toBe('gate-1/sub was not kept up.')
  })
})

describe('viewers on a screen', () => {
  const viewer: ViewerReport = {
    id: 's1',
    connection: null,
    user: 'anna',
    camera: 'gate-1',
    stream: 'sub',
    state: 'watching',
    protocol: 'webrtc',
    client: 'wall-3',
    address: '10.0.0.7',
    since: now - 10_000,
    until: null,
    bytes: 5_000_000,
    bitrate: 1_000_000,
  }

  it('are counted as people and listed as connections', () => {
    const expected = {
      ...viewer,
      id: 'l1',
      user: 'ben',
      state: 'expected' as const,
      until: now + 30_000,
      bytes: 0,
      bitrate: 0,
    }
    const lines = renderViewers([viewer, { ...viewer, id: 's2' }, expected], now, PLAIN).split('\n')
    expect(lines[0]).toBe('2 viewers, 2 Mbps out.')
    expect(lines[2]).toMatch(/anna +gate-1\/sub +WebRTC +10 s +5 MB +1 Mbps +10\.0\.0\.7 +wall-3 +s1/)
    expect(lines[4]).toMatch(/ben .*expected until/)
    expect(renderViewers([], now, PLAIN)).toBe('Nobody watches.')
  })

  it('cannot write on the terminal of who lists them', () => {
    const evil = { ...viewer, user: 'an\x1b[2Jna', client: '\x9b31mred\x07' }
    const span = { started: now, ended: now + 60_000, how: 'disconnected by \x1b]0;x\x07' }
    const viewing = { ...evil, ...span, protocol: 'rtsp' as const, address: 'h' }
    const why = [{ kind: 'lease' as const, user: evil.user, since: now, until: now + 1_000 }]
    const told = [renderViewers([evil], now, PLAIN), renderHistory([viewing], 1, PLAIN), sayWhy(why)].join(' ')
    expect(told.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(told).toContain('an?[2Jna')
  })

  it('that are let in are told url and token, once each', () => {
    const connection = {
      id: 'c1',
      user: 'anna',
      client: null,
      camera: 'gate-1',
      stream: 'sub' as const,
      protocol: 'webrtc' as const,
      by: 'mediamtx' as const,
      url: 'http://h:8889/live/gate-1/whep',
      token: 'e.y.J',
      expires: now + 60_000,
      until: now + 30_000,
      iceServers: [{ urls: 'stun:stun.example:3478' }],
      note: null,
    }
    expect(renderConnection(connection)).toMatch(
      /anna may watch gate-1\/sub by WebRTC[\s\S]*token {2}e\.y\.J\n {2}ice +stun:/,
    )
    const url = 'rtsp://h:8654/gate-1/sub?token=e.y.J'
    expect(renderConnection({ ...connection, protocol: 'rtsp', url, iceServers: [] })).not.toMatch(/token {2}/)
  })

  it('of the past are listed with how it ended', () => {
    const { user, camera, stream: role, bytes, client } = viewer
    const span = { started: now, ended: now + 60_000, how: 'left' }
    const viewing = { user, camera, stream: role, bytes, client, ...span, protocol: 'rtsp' as const, address: 'h' }
    expect(renderHistory([viewing], 1, PLAIN)).toMatch(
      /1 min +anna +gate-1\/sub +RTSP +5 MB +h +wall-3 +left\n\(the newest 1:/,
    )
    expect(renderHistory([], 10, PLAIN)).toBe('Nobody watched in that time.')
  })
})
