import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AccessStore, verifyToken } from '../../src/access/index.ts'
import { runCommand } from '../support/run-command.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-token-'))
  writeFileSync(
    join(dir, 'vms.yaml'),
    [
      'site: { name: test, timezone: UTC }',
      'storage: { path: ./archive }',
      'cameras:',
      '  - { id: gate-1, main: "rtsp://127.0.0.1:9/a", group: outside }',
      '  - { id: gate-2, main: "rtsp://127.0.0.1:9/b", group: outside }',
      '  - { id: hall, main: "rtsp://127.0.0.1:9/c" }',
    ].join('\n'),
  )
})
afterEach(() => rmSync(dir, { recursive: true }))

const state = () => join(dir, 'state')
const run = (...args: string[]) => runCommand(['token', ...args, '-c', join(dir, 'vms.yaml'), '--state-dir', state()])
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)
const check = (token: string) => {
  using store = new AccessStore(join(state(), 'access.db'))
  return verifyToken(token, store.rules(Date.now()), Date.now())
}

it('gives out a token, alone on standard output', async () => {
  const { out, err, code } = await run('create', '--user', 'anna', '--camera', 'gate-1', '--camera', 'hall')
  expect(code).toBe(0)
  expect(await check(out.trim())).toMatchObject({ user: 'anna', cameras: ['gate-1', 'hall'] })
  expect(err).toMatch(/^Token \w+ of anna for gate-1, hall, until .*\. It is shown only here\.\n$/)
  expect(err).not.toContain(out.trim())
  const quiet = await run('create', '--user', 'wall', '--all', '--quiet')
  expect([quiet.err, await check(quiet.out.trim())]).toEqual(['', expect.objectContaining({ cameras: ['*'] })])
  const group = await json('create', '-u', 'bert', '--group', 'outside', '--for', '30d', '--note', 'lobby')
  expect(await check(group.token)).toMatchObject({ user: 'bert', cameras: ['gate-1', 'gate-2'] })
  expect(group.expires - group.created).toBeGreaterThan(30 * 86_400_000 - 1_001)
})

it('lists those that hold, and revokes by id or user', async () => {
  expect((await run('list')).out).toBe('No tokens that hold.\n')
  expect((await run('keys')).out).toMatch(/^No keys yet/)
  // Looking makes nothing.
  expect(existsSync(state())).toBe(false)
  const first = await json('create', '-u', 'anna', '--camera', 'gate-1', '--note', 'phone')
  const second = await json('create', '-u', 'anna', '--all')
  const { out } = await run('list')
  expect(out).toMatch(/anna +gate-1 .* phone\n/)
  expect(out).toMatch(/anna +every camera /)
  expect(out).not.toContain(first.token.split('.')[2])
  expect((await run('revoke', first.id)).out).toBe(`Token ${first.id} of anna for gate-1 is revoked.\n`)
  expect((await json('list')).tokens.map(({ id }: { id: string }) => id)).toEqual([second.id])
  expect((await json('revoke', '--user', 'anna')).revoked).toMatchObject([{ id: second.id }])
  expect((await run('list', '--all')).out).toMatch(/revoked \d{4}-.* by /)
  expect(await check(second.token)).toEqual({ fault: 'revoked' })
  const unknown = [await run('revoke', 'nobody'), await run('revoke', '--user', 'nobody')]
  expect(unknown.map(({ code }) => code)).toEqual([3, 3])
  expect(unknown.map(({ err }) => err.split('\n')[0])).toEqual([
    'vmsctl: no token has the id "nobody"',
    'vmsctl: "nobody" has no token that holds',
  ])
})

it('rotates keys', async () => {
  const { token } = await json('create', '-u', 'anna', '--all')
  const { keys } = await json('keys', '--rotate')
  expect(keys).toMatchObject([
    { signs: false, tokens: 1 },
    { signs: true, tokens: 0, until: null },
  ])
  expect(await check(token)).toMatchObject({ user: 'anna' })
  expect((await run('keys')).out).toMatch(/checks until .* 1\n.* signs +0\n/)
})

it.each([
  [['create', '--user', 'anna', '--camera', 'gate-3'], 3, 'no camera "gate-3" is configured', 'Did you mean "gate-'],
  [['create', '--user', 'anna', '--group', 'outsid'], 3, 'no group "outsid" is configured', 'outside'],
  [['create', '--user', 'anna'], 2, 'no camera named', '--all'],
  [['create', '--user', 'anna', '--all', '--camera', 'hall'], 2, 'exclude each other', ''],
  [['create', '--user', 'anna', '--all', '--for', '30s'], 2, 'cannot hold for 30 s', '1m to 365d'],
  [['create', '--user', 'anna', '--all', '--for', '2y'], 2, '"y" is not a unit', 'd'],
  [['create', '--user', ' ', '--all'], 2, 'the name of a user', ''],
  [['create', '--all'], 2, 'user', ''],
  [['revoke'], 2, 'no token named', '--user'],
  [['revoke', 'x', '--user', 'anna'], 2, 'exclude each other', ''],
  [['revoke', 'nobody'], 3, 'no token was ever given out', 'token list'],
])('says what is wrong: %s', async (args, code, message, hint) => {
  const answer = await run(...args)
  expect(answer.code).toBe(code)
  expect(answer.err).toContain(message)
  expect(answer.err).toContain(hint)
  expect(answer.out).toBe('')
  expect(existsSync(join(state(), 'keys'))).toBe(false)
})
