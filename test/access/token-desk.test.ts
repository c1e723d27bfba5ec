import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AccessStore, TokenDesk, verifyToken } from '../../src/access/index.ts'
import { MAX_TOKEN } from '../../src/access/verify-token.ts'

const NOW = Date.UTC(2026, 10, 25, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR

let dir: string
let store: AccessStore
let desk: TokenDesk

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-access-'))
  store = new AccessStore(join(dir, 'access.db'))
  desk = new TokenDesk(store, join(dir, 'keys'))
})
afterEach(() => {
  store[Symbol.dispose]()
  rmSync(dir, { recursive: true })
})

const issue = (user = 'anna', life = HOUR, now = NOW, cameras = ['gate-1']) =>
  desk.issue({ user, cameras, life, note: null, by: 'root' }, now)
const check = (token: string, now = NOW) => verifyToken(token, store.rules(now), now)
const keyFiles = () => readdirSync(join(dir, 'keys'))

describe('giving out', () => {
  it('makes a key with the first token, for nobody but its owner, and keeps no token', async () => {
    const { token, id, kid } = await issue()
    expect(await check(token)).toEqual({ user: 'anna', cameras: ['gate-1'], jti: id, expires: NOW + HOUR })
    await issue()
    expect(keyFiles()).toEqual([`${kid}.pem`])
    expect(statSync(join(dir, 'keys', `${kid}.pem`)).mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 'keys')).mode & 0o777).toBe(0o700)
    const [, , signature = ''] = token.split('.')
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      const path = join(dir, name)
      if (statSync(path).isFile()) expect(readFileSync(path).includes(signature), name).toBe(false)
    }
  })

  it('refuses what a token cannot hold', async () => {
    for (const user of ['', ' anna', 'a\nb', 'a'.repeat(65)])
      await expect(issue(user)).rejects.toMatchObject({ code: 'VMS_E_USAGE' })
    for (const life of [0, 59_999, 366 * DAY, Number.NaN])
      await expect(issue('anna', life)).rejects.toMatchObject({ code: 'VMS_E_USAGE' })
    const many = Array.from({ length: 1_000 }, (_, i) => `camera-${i}`)
    await expect(issue('anna', HOUR, NOW, many)).rejects.toThrow(/1000 cameras/)
    const { token } = await issue('anna', HOUR, NOW, many.slice(0, 400))
    expect(token.length).toBeLessThan(MAX_TOKEN)
    expect(store.tokens()).toHaveLength(1)
  })

  it('says what to do when the private key is gone, or another', async () => {
    const { kid } = await issue()
    const path = join(dir, 'keys', `${kid}.pem`)
    const other = new TokenDesk(store, join(dir, 'other'))
    const { key } = other.rotate(NOW + 1)
    writeFileSync(join(dir, 'other', `${key.kid}.pem`), readFileSync(path))
    await expect(other.issue({ user: 'a', cameras: ['*'], life: HOUR, note: null, by: 'b' }, NOW)).rejects.toThrow(
      /another key/,
    )
    await expect(issue()).rejects.toMatchObject({ code: 'VMS_E_TOKEN_KEY', hint: expect.stringMatching(/--rotate/) })
    desk.rotate(NOW + 2)
    expect(await check((await issue()).token)).toMatchObject({ user: 'anna' })
  })
})

describe('taking back', () => {
  it('takes one, or all of a user that hold', async () => {
    const [first, second, other] = [await issue(), await issue(), await issue('bert')]
    expect(desk.revoke({ ids: [first.id] }, NOW, 'root')).toMatchObject([{ id: first.id, revoked: { by: 'root' } }])
    expect(await check(first.token)).toEqual({ fault: 'revoked' })
    expect(await check(second.token)).toMatchObject({ user: 'anna' })
    expect(desk.revoke({ user: 'anna' }, NOW + 1, 'root').map(({ id }) => id)).toEqual([second.id])
    expect(await check(other.token)).toMatchObject({ user: 'bert' })
    expect(() => desk.revoke({ user: 'anna' }, NOW + 2, 'root')).toThrow(/no token that holds/)
    // Once is enough: who took it back first stands.
    expect(desk.revoke({ ids: [first.id] }, NOW + 3, 'eve')[0]?.revoked).toEqual({ at: NOW, by: 'root' })
  })

  it('takes none when one is unknown', async () => {
    const { id, token } = await issue()
    expect(() => desk.revoke({ ids: [id, 'nobody'] }, NOW, 'root')).toThrow(/"nobody"/)
    expect(await check(token)).toMatchObject({ user: 'anna' })
  })

  it('tells no more of those that ran out a day ago', async () => {
    const { id } = await issue()
    desk.revoke({ ids: [id] }, NOW, 'root')
    expect(store.rules(NOW).revoked).toEqual([id])
    expect(store.rules(NOW + HOUR).revoked).toEqual([id])
    expect(store.rules(NOW + HOUR + DAY + 60_000).revoked).toEqual([])
  })
})

describe('rotation', () => {
  it('signs with the new key, checks with the old while it is needed, and destroys its private half', async () => {
    const before = await issue()
    const { key } = desk.rotate(NOW + 1)
    expect(keyFiles()).toEqual([`${key.kid}.pem`])
    const after = await issue('anna', 3 * HOUR, NOW + 2)
    expect([before.kid === key.kid, after.kid === key.kid]).toEqual([false, true])
    expect(await check(before.token)).toMatchObject({ user: 'anna' })
    expect(store.rules(NOW).keys).toHaveLength(2)
    desk.rotate(NOW + 2 * HOUR)
    expect(store.keys().map(({ key: { kid } }) => kid)).not.toContain(before.kid)
    expect(await check(before.token)).toEqual({ fault: 'unknown key' })
    expect(await check(after.token)).toMatchObject({ user: 'anna' })
  })

  it('forgets tokens 90 days after their end', async () => {
    await issue()
    await issue('anna', HOUR, NOW + 80 * DAY)
    expect(store.tokens()).toHaveLength(2)
    await issue('anna', HOUR, NOW + 91 * DAY)
    expect(store.tokens()).toHaveLength(2)
  })
})

describe('beside another process', () => {
  it('a key that is rotated away while a token is signed does not leave a token that no key checks', async () => {
    await issue('ben', 60_000)
    using other = new AccessStore(join(dir, 'access.db'))
    const later = NOW + HOUR
    const issuing = issue('anna', HOUR, later)
    // Between the signature and the entry.
    const { key } = new TokenDesk(other, join(dir, 'keys')).rotate(later)
    const { token, kid } = await issuing
    expect(kid).toBe(key.kid)
    expect(await check(token, later)).toMatchObject({ user: 'anna' })
  })

  it('a rotation that fails takes no private key away', async () => {
    const { kid } = await issue()
    class FullDisk extends AccessStore {
      override prune(): void {
        throw new Error('database or disk is full')
      }
    }
    {
      using full = new FullDisk(join(dir, 'access.db'))
      expect(() => new TokenDesk(full, join(dir, 'keys')).rotate(NOW)).toThrow(/full/)
    }
    expect((await issue()).kid).toBe(kid)
  })
})

describe('a clock that is set', () => {
  it('back by hours revives no token that was revoked', async () => {
    const { token, id } = await issue('anna', HOUR)
    desk.revoke({ ids: [id] }, NOW, 'root')
    const late = store.rules(NOW + 5 * HOUR)
    expect(await verifyToken(token, late, NOW + 1_000)).toEqual({ fault: 'revoked' })
  })
})
