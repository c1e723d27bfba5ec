import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { request, settle, TestContent, testServer } from './support.ts'

const URL = 'rtsp://host/cam'

/** Bytes as a broken or hostile client sends them: requests whole, cut and bent, packets, and noise. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
  fc
    .tuple(
      fc.constantFrom('OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'PAUSE', 'TEARDOWN', 'GET_PARAMETER', 'ANNOUNCE', 'X'),
      fc.constantFrom(URL, `${URL}/`, `${URL}/trackID=0`, `${URL}/trackID=1`, '*', 'rtsp://host/%', '/cam'),
      fc.constantFrom(
        'RTP/AVP/TCP;interleaved=0-1',
        'RTP/AVP/TCP;interleaved=255-255',
        'RTP/AVP;client_port=0-0',
        ';;=',
      ),
      fc.nat(2_000),
    )
    .map(([method, url, transport, cut]) => {
      const bytes = Buffer.from(request(method, url, 1, { Transport: transport }))
      return cut < 200 ? bytes.subarray(0, cut) : bytes
    }),
  fc.tuple(fc.nat(255), fc.nat(300)).map(([channel, size]) => {
    const packet = Buffer.alloc(4 + size)
    packet[0] = 0x24
    packet[1] = channel
    packet.writeUInt16BE(size, 2)
    return packet
  }),
)

describe('any bytes', () => {
  it('throw nothing, hang nobody else, and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.boolean(),
        fc.boolean(),
        async (pieces, leaves, diverts) => {
          const content = new TestContent()
          let described = 0
          const { connect, server, clock } = testServer({
            handler: {
              ...(diverts ? { divert: () => false } : {}),
              describe: async ({ path }) => {
                if (path !== '/cam') return { status: 404, reason: 'No such camera' }
                described++
                return content
              },
            },
          })
          const rude = connect()
          const other = connect()
          for (const bytes of pieces) {
            if (rude.destroyed) break
            rude.say(bytes)
            await settle(1)
          }
          other.say(request('DESCRIBE', URL, 77))
          await settle(8)
          expect(other.text).toMatch(/^RTSP\/1.0 200 OK\r\nCSeq: 77\r\n/)
          if (leaves) rude.destroy()
          for (let i = 0; i < 70; i++) clock.advance(1_000)
          other.destroy()
          await settle(8)
          // Who neither leaves nor plays is sent away by the clock.
          if (leaves) expect(server.connections).toBe(0)
          if (server.connections > 0) expect(server.sessions).toBeGreaterThan(0)
          await server.close()
          await settle()
          const count = (what: string) => content.log.filter(entry => entry === what).length
          expect(count('stop')).toBe(count('play'))
          expect(count('release')).toBe(described)
          expect(server.sessions).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})
