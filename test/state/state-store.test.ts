import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { STATE_SCHEMA } from '../../src/state/state-schema.ts'
import { StateStore } from '../../src/state/state-store.ts'
import { BY_CONFIGURATION, BY_SCHEDULE } from '../../src/state/wish.ts'

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

  it('keeps the history of what was wanted of each camera, whoever wanted it', () => {
    const database = openDatabase(':memory:', STATE_SCHEMA)
    const state = new StateStore(database)
    const seen = { record: true, by: BY_CONFIGURATION, at: 10 }
    const stopped = { record: false, by: 'anna', at: 20 }
    const again = { record: true, by: BY_SCHEDULE, at: 30 }
    state.enterHistory([
      ['a', seen],
      ['b', seen],
    ])
    state.wish(['a'], stopped)
    state.forgetWishes(['a', 'never said'])
    expect(state.wishes()).toEqual(new Map())
    state.enterHistory([['a', again]])
    expect(state.camerasWithHistory().sort()).toEqual(['a', 'b'])
    expect(state.wishHistory(31)).toEqual(
      new Map([
        ['a', [seen, stopped, again]],
        ['b', [seen]],
      ]),
    )
    expect(state.wishHistoryOf('a', 31)).toEqual([seen, stopped, again])
    expect(state.wishHistoryOf('a', 30)).toEqual([seen, stopped])
    // From the entry on that held at that time.
    expect(state.wishHistoryOf('a', 31, 25)).toEqual([stopped, again])
    expect(state.wishHistoryOf('a', 31, 20)).toEqual([stopped, again])
    expect(state.wishHistoryOf('a', 31, 5)).toEqual([seen, stopped, again])
    expect(state.wishHistoryOf('nobody', 31)).toEqual([])
    expect([5, 10, 29, 30].map(at => state.wishAt('a', at))).toEqual([undefined, seen, stopped, again])
    // Of two at one instant the later entry holds.
    state.enterHistory([['b', { ...stopped, at: 10 }]])
    expect(state.wishAt('b', 10)).toMatchObject({ by: 'anna' })
    database.close()
  })

  it('enters all or nothing', () => {
    const database = openDatabase(':memory:', STATE_SCHEMA)
    const state = new StateStore(database)
    const half = function* (): Generator<[string, { record: boolean; by: string; at: number }]> {
      yield ['a', { record: true, by: 'anna', at: 1 }]
      throw new Error('stop')
    }
    expect(() => state.enterHistory(half())).toThrow('stop')
    expect(state.wishHistory(100)).toEqual(new Map())
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
