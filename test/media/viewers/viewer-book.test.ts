import { expect, it } from 'vitest'
import { signToken } from '../../../src/access/sign-token.ts'
import { TokenGate, type Viewer, ViewerBook } from '../../../src/media/viewers/index.ts'
import { grantOf, newKeys } from '../../access/support.ts'
import { fakeSession } from '../../support/camera-status.ts'
import { FakeClock } from '../../support/fake-clock.ts'

it('ends the sessions of tokens that ran out or were taken back, and no others', () => {
  const clock = new FakeClock()
  const gate = new TokenGate(clock)
  const book = new ViewerBook(gate)
  const ended: string[] = []
  const enter = (id: string, grant: Viewer['grant']) =>
    book.add({
      id,
      grant,
      session: () => ({ ...fakeSession('gate-1'), id }),
      end: reason => {
        ended.push(`${id}: ${reason}`)
        book.remove(id)
      },
    })
  const now = clock.wall()
  enter('local', undefined)
  enter('short', grantOf(now, { jti: 'short', expires: now + 60_000 }))
  enter('taken', grantOf(now, { jti: 'taken' }))
  enter('long', grantOf(now, { jti: 'long' }))
  book.sweep()
  expect(ended).toEqual([])
  gate.apply({ keys: [], revoked: ['taken', 'another'] })
  book.sweep()
  clock.advance(60_000)
  book.sweep()
  expect(ended).toEqual(['taken: token revoked', 'short: token expired'])
  expect(book.sessions().map(({ id }) => id)).toEqual(['local', 'long'])
  expect([book.end('long', 'by request'), book.end('long', 'by request')]).toEqual([true, false])
})

it('counts people and not connections against the limits, and no relay', () => {
  const clock = new FakeClock()
  const book = new ViewerBook(new TokenGate(clock))
  const grant = (user: string) => grantOf(clock.wall(), { user })
  const enter = (id: string, camera: string, of: Viewer['grant'], relay = false) =>
    book.add({
      id,
      grant: of,
      session: () => ({ ...fakeSession(camera), id, stream: 'sub', user: of?.user ?? null, relay }),
      end: () => {},
    })
  const ask = (camera: string, of: Viewer['grant'], user = of?.user ?? null) =>
    book.overLimit({ id: 'new', camera, stream: 'sub', grant: of, user })
  const anna = grant('anna')
  for (const id of ['1', '2']) enter(id, 'gate-1', anna)
  enter('3', 'gate-1', undefined, true)
  expect(ask('gate-1', grant('ben'))).toBeUndefined()
  book.limits = { viewersPerStream: 2, viewersPerUser: 2, bandwidth: 1e9 }
  expect(ask('gate-1', grant('ben'))).toBeUndefined()
  enter('4', 'gate-1', undefined)
  expect(ask('gate-1', grant('ben'))).toBe('2 people watch this stream already')
  expect(ask('gate-1', undefined)).toBe('2 people watch this stream already')
  expect(ask('gate-1', anna)).toBeUndefined()
  enter('5', 'gate-2', anna)
  expect(ask('gate-3', anna)).toBe('anna watches 2 streams already')
  expect(ask('gate-2', anna)).toBeUndefined()
  // The login of a program is not a person's.
  expect(ask('gate-3', undefined, 'recorder')).toBeUndefined()
})

it('knows no token before it was told the keys', async () => {
  const clock = new FakeClock()
  const gate = new TokenGate(clock)
  const keys = newKeys()
  const grant = grantOf(clock.wall())
  const token = await signToken(grant, clock.wall(), keys)
  expect(await gate.verify(token)).toEqual({ fault: 'unknown key' })
  gate.apply({ keys: [keys.public], revoked: [] })
  expect(await gate.verify(token)).toEqual(grant)
  clock.advance(3_605_000)
  expect(await gate.verify(token)).toEqual({ fault: 'expired' })
})
