import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openConnection } from '../../../src/media/source/connection.ts'
import { ReadBatching } from '../../../src/media/source/read-batching.ts'
import { ReadPacing } from '../../../src/media/source/read-pacing.ts'
import { FakeClock } from '../../support/fake-clock.ts'

let clock: FakeClock
let server: Server
let camera: Socket
let got: string
let ended: string | undefined
let patient: boolean

/** A connection that rests from now on, 200 ms at a time: its rate was measured over a second in which little came. */
beforeEach(async () => {
  clock = new FakeClock()
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  got = ''
  ended = undefined
  patient = true
  openConnection(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false, verifyTls: false },
    { buffer: Buffer.alloc(256 * 1024), batching: new ReadBatching(), pacing: new ReadPacing(clock), clock },
    {
      connected: () => {},
      bytes: (buffer, length) => {
        got += buffer.toString('latin1', 0, length)
      },
      closed: reason => {
        ended = reason
      },
      patient: () => patient,
    },
  )
  camera = (await accepted)[0] as Socket
  camera.write('a')
  await vi.waitFor(() => expect(got).toBe('a'))
  clock.advance(1_000)
  camera.write('b')
  await vi.waitFor(() => expect(got).toBe('ab'))
})
afterEach(() => {
  camera.destroy()
  server.close()
})

/** Sends, and gives it the time to arrive. */
async function send(text: string): Promise<void> {
  await new Promise<void>(resolve => camera.write(text, () => resolve()))
  await new Promise(resolve => setTimeout(resolve, 20))
}

describe('a connection that rests', () => {
  it('gives what has come when it has rested, again and again', async () => {
    for (const text of ['c', 'd', 'e']) {
      const before = got
      await send(text)
      expect(got).toBe(before)
      clock.advance(200)
      expect(got).toBe(before + text)
    }
  })

  it('is watched again where nothing has come', async () => {
    clock.advance(200)
    camera.write('c')
    await vi.waitFor(() => expect(got).toBe('abc'))
  })

  it('is watched again when somebody waits for the bytes', async () => {
    await send('c')
    patient = false
    clock.advance(200)
    camera.write('d')
    await vi.waitFor(() => expect(got).toBe('abcd'))
  })

  it('gives the last bytes, and tells of an end', async () => {
    await send('c')
    camera.end()
    await once(camera, 'finish')
    clock.advance(200)
    expect(got).toBe('abc')
    clock.advance(200)
    await vi.waitFor(() => expect(ended).toBe('camera closed the connection'))
  })

  it('tells of a reset', async () => {
    camera.resetAndDestroy()
    await once(camera, 'close')
    await vi.waitFor(() => {
      clock.advance(200)
      expect(ended).toBe('camera reset the connection')
    })
  })
})
