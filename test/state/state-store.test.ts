import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { STATE_SCHEMA } from '../../src/state/state-schema.ts'
import { StateStore } from '../../src/state/state-store.ts'

describe('StateStore', () => {
  it('keeps wishes, and since when a camera is here', () => {
    const database = openDatabase(':memory:', STATE_SCHEMA)
    const state = new StateStore(database)
    state.wish(['a', 'b'], { record: false, by: 'anna', at: 5 })
    state.wish(['b'], { record: true, by: 'ben', at: 6 })
    expect(state.wishes()).toEqual(
      new Map([
        ['a', { record: false, by: 'anna', at: 5 }],
        ['b', { record: true, by: 'ben', at: 6 }],
      ]),
    )
    expect(state.wishHistory(6).get('b')).toEqual([{ record: false, by: 'anna', at: 5 }])
    expect(state.wishHistory(7).get('b')).toHaveLength(2)
    state.place(
      new Map([
        ['a', 0],
        ['b', 1],
      ]),
      10,
    )
    state.place(
      new Map([
        ['b', 0],
        ['c', 1],
      ]),
      20,
    )
    expect(state.placements()).toEqual(
      new Map([
        ['b', { slot: 0, since: 10 }],
        ['c', { slot: 1, since: 20 }],
      ]),
    )
    expect(state.setting('x')).toBeUndefined()
    state.set('x', '1')
    expect(state.setting('x')).toBe('1')
    database.close()
  })

  it('refuses the database of a newer vmsctl, and one that cannot be', () => {
    const dir = mkdtempSync(join(tmpdir(), 'vms-db-'))
    const path = join(dir, 'x.db')
    const database = openDatabase(path, STATE_SCHEMA)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(() => openDatabase(path, STATE_SCHEMA)).toThrow(/newer vmsctl/)
    writeFileSync(path, 'no database at all, but long enough to be looked at '.repeat(100))
    expect(() => openDatabase(path, STATE_SCHEMA)).toThrow(/cannot be used/)
    rmSync(dir, { recursive: true })
  })
})
