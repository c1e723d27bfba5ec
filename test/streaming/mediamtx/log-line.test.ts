import { describe, expect, it } from 'vitest'
import { explainExit } from '../../../src/streaming/mediamtx/run/explain-exit.ts'
import { readLogLine } from '../../../src/streaming/mediamtx/run/log-line.ts'
import { site } from '../../daemon/site.ts'

describe("MediaMTX's log", () => {
  it('keeps its levels and loses its times, colours and tokens', () => {
    expect(readLogLine('2026/11/25 02:00:00 WAR [RTSP] [conn 1] x')).toEqual({
      level: 'warn',
      message: '[RTSP] [conn 1] x',
    })
    expect(readLogLine("2026/11/25 02:00:00 DEB GET '/live/a?token=ey.x.y&b=1'")).toEqual({
      level: 'debug',
      message: "GET '/live/a?token=***&b=1'",
    })
    expect(readLogLine('\x1b[90m2026/11/25 02:00:00 \x1b[0m\x1b[31mERR\x1b[0m boom')).toEqual({
      level: 'error',
      message: 'boom',
    })
    expect(readLogLine('panic: runtime error')).toEqual({ level: 'info', message: 'panic: runtime error' })
    expect([readLogLine(''), readLogLine('2026/11/25 02:00:00 INF ')]).toEqual([undefined, undefined])
  })

  it('says why it ended in a sentence', () => {
    const { mediamtx } = site([])
    const why = (lastError: string | undefined) => explainExit({ code: 1, signal: null, lastError }, mediamtx)
    expect(why('listen tcp 127.0.0.1:8554: bind: address already in use')).toBe(
      'port 8554 is taken by another program; mediamtx: { rtsp: PORT } names another',
    )
    expect(why('listen udp4 :8189: bind: address already in use')).toBe(
      'UDP port 8189 is taken by another program; mediamtx: { webrtc_udp: PORT } names another',
    )
    expect(why('listen tcp :7000: bind: address already in use')).toBe('port 7000 is taken by another program')
    expect(why('listen tcp 10.9.9.9:8554: bind: cannot assign requested address')).toContain('mediamtx.host')
    expect(why('listen tcp :80: bind: permission denied')).toContain('ports from 1024 are')
    expect(why('json: unknown field "moq"')).toContain('does not know the key moq')
    expect(why(undefined)).toBe('MediaMTX ended (exit code 1)')
    expect(explainExit({ code: null, signal: 'SIGKILL', lastError: undefined }, mediamtx)).toBe(
      'MediaMTX ended (signal SIGKILL)',
    )
  })
})
