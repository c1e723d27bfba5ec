import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AccessRules, AccessStore, TokenDesk } from '../../src/access/index.ts'
import { AccessWatch } from '../../src/daemon/access-watch.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { FakeClock } from '../support/fake-clock.ts'

let dir: string
const told: AccessRules[] = []
const clock = new FakeClock()

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-watch-'))
  told.length = 0
})
afterEach(() => rmSync(dir, { recursive: true }))

/** What a command does: opens the store, works, closes it. */
async function command<T>(work: (desk: TokenDesk) => T): Promise<Awaited<T>> {
  using store = new AccessStore(join(dir, 'access.db'))
  return await work(new TokenDesk(store, join(dir, 'keys')))
}
const issue = () =>
  command(desk => desk.issue({ user: 'anna', cameras: ['*'], life: 60_000, note: null, by: 'x' }, clock.wall()))

function watch(): AccessWatch {
  const path = join(dir, 'access.db')
  return new AccessWatch({ path, clock, log: silentLogger, changed: rules => told.push(rules) })
}

it('tells what commands changed within a second, and nothing else', async () => {
  const watching = watch()
  expect(told).toEqual([{ keys: [], revoked: [] }])
  const { id, kid } = await issue()
  clock.advance(1_000)
  expect(told.at(-1)).toMatchObject({ keys: [{ kid }], revoked: [] })
  clock.advance(10_000)
  expect(told).toHaveLength(2)
  await command(desk => desk.revoke({ ids: [id] }, clock.wall(), 'x'))
  clock.advance(1_000)
  expect(told.at(-1)).toMatchObject({ keys: [{ kid }], revoked: [id] })
  expect(watching.rules).toBe(told.at(-1))
  watching.end()
  await issue()
  clock.advance(10_000)
  expect(told).toHaveLength(3)
})

it('sees that the file is another, damaged, or gone', async () => {
  const { kid } = await issue()
  const watching = watch()
  expect(told).toMatchObject([{ keys: [{ kid }] }])
  for (const name of ['access.db', 'access.db-wal', 'access.db-shm']) rmSync(join(dir, name), { force: true })
  const other = await issue()
  clock.advance(1_000)
  expect(told.at(-1)?.keys.map(key => key.kid)).toEqual([other.kid])
  writeFileSync(join(dir, 'broken'), 'no database'.repeat(500))
  for (const name of ['access.db-wal', 'access.db-shm']) rmSync(join(dir, name), { force: true })
  renameSync(join(dir, 'broken'), join(dir, 'access.db'))
  clock.advance(5_000)
  // What held before holds on.
  expect(watching.rules.keys.map(key => key.kid)).toEqual([other.kid])
  rmSync(join(dir, 'access.db'))
  clock.advance(1_000)
  expect(watching.rules).toEqual({ keys: [], revoked: [] })
  watching.end()
})

it('sees what was revoked while the file could not be read', async () => {
  const { id } = await issue()
  const watching = watch()
  const path = join(dir, 'access.db')
  // A moment in which nothing but a directory is there.
  renameSync(path, join(dir, 'away.db'))
  mkdirSync(path)
  clock.advance(1_000)
  rmSync(path, { recursive: true })
  renameSync(join(dir, 'away.db'), path)
  await command(desk => desk.revoke({ ids: [id] }, clock.wall(), 'x'))
  clock.advance(2_000)
  expect(watching.rules.revoked).toEqual([id])
  watching.end()
})
