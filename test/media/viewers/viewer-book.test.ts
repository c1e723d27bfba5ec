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
