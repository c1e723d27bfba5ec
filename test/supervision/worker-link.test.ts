import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/kernel/log.ts'
import { WorkerLink } from '../../src/supervision/worker-link.ts'
import { FakeClock } from '../support/fake-clock.ts'

let dir: string
let clock: FakeClock
let link: WorkerLink
const servers: Server[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-link-'))
  clock = new FakeClock()
  link = new WorkerLink({ clock, log: silentLogger, socket: join(dir, '0.sock'), changed: () => {} })
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Something that listens on the worker's socket. */
async function listen(accept: (socket: Socket) => void): Promise<void> {
  const server = createServer(accept)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(join(dir, '0.sock'), resolve))
}
const neverMet = () => Promise.reject(new Error('nobody said who it is'))

describe('a connection to a worker', () => {
  it('is soon tried again when nobody listens', async () => {
    expect(await link.connect(neverMet)).toBe('absent')
  })

  it('is soon tried again when it ends at once: the kernel has not yet closed all files of a worker that was killed', async () => {
    await listen(socket => socket.destroy())
    expect(await link.connect(neverMet)).toBe('absent')
    expect(link.state).toBe('down')
  })

  it('is given a pause when who listens says nothing', async () => {
    const asked = Promise.withResolvers<Socket>()
    await listen(socket => socket.once('data', () => asked.resolve(socket)))
    const outcome = link.connect(neverMet)
    const socket = await asked.promise
    clock.advance(5_000)
    expect(await outcome).toBe('silent')
    socket.destroy()
  })
})
