import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLive } from '../../../src/streaming/registry/open-live.ts'
import { LiveRegistry } from '../../../src/streaming/registry/registry.ts'
import { ViewingHistory } from '../../../src/streaming/registry/viewing-history.ts'

const HOUR = 3_600_000
const start = Date.UTC(2026, 10, 25)
let dir: string
let path: string
let live: ReturnType<typeof openLive>

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-live-'))
  path = join(dir, 'live.db')
  live = openLive(path, new Date(start))
})
afterEach(() => {
  live.database.close()
  rmSync(dir, { recursive: true, force: true })
})

const viewing = (index: number) => ({
  session: `media workers:${index}`,
  camera: `cam-${index % 50}`,
  stream: 'sub' as const,
  user: `user-${index % 200}`,
  protocol: 'rtsp' as const,
  client: null,
  address: '10.0.0.1',
  started: start + index * 1_000,
  bytes: 0,
})

/** 10 000 viewings of 60 s, each a second after the one before; the last ten go on. */
function fill(history: ViewingHistory): void {
  history.together(() => {
    for (let index = 0; index < 10_000; index++) {
      const turn = history.begin(viewing(index))
      if (index < 9_990) history.end(turn, start + index * 1_000 + 60_000, 1_000_000, 'left')
    }
  })
}

describe('the history of viewing', () => {
  it('takes 10 000 viewings, finds some of them and forgets the old, each within a blink', () => {
    const history = new ViewingHistory(live.database)
    const took = (work: () => void) => {
      const began = performance.now()
      work()
      return performance.now() - began
    }
    expect(took(() => fill(history))).toBeLessThan(2_000)
    const all = { from: start, to: start + 24 * HOUR, limit: 100 }
    expect(took(() => history.find({ ...all, camera: 'cam-7', user: 'user-7' }))).toBeLessThan(50)
    expect(took(() => history.find(all))).toBeLessThan(50)
    expect(history.open()).toHaveLength(10)
    expect(took(() => history.prune(start + 2 * HOUR, 2_000))).toBeLessThan(200)
    while (history.prune(start + 24 * HOUR, 2_000));
    expect(history.find({ ...all, limit: 100_000 })).toHaveLength(10)
  })

  it('gives the newest first, and whoever watched at some time of the span', () => {
    const history = new ViewingHistory(live.database)
    fill(history)
    const found = history.find({ from: start + 100_000, to: start + 101_000, limit: 1_000 })
    // 61 had begun and not ended: those of 40 s to 100 s.
    expect([found.length, found[0]!.started, found.at(-1)!.started]).toEqual([61, start + 100_000, start + 40_000])
    expect(history.find({ from: start, to: start + HOUR, user: 'user-3', limit: 2 })).toMatchObject([
      { user: 'user-3', bytes: 1_000_000, how: 'left' },
      { user: 'user-3' },
    ])
  })
})

describe('the registry of live streams', () => {
  const lease = {
    id: 'a',
    camera: 'gate',
    stream: 'sub',
    user: 'anna',
    since: start,
    until: start + 30_000,
    protocol: null,
    client: 'wall',
    token: null,
    expires: null,
  } as const

  it('has what it had when it is opened again', () => {
    const registry = new LiveRegistry(live.database)
    registry.putLease(lease)
    registry.putLease({ ...lease, id: 'b', token: 't', expires: start + HOUR })
    registry.putLease({ ...lease, until: start + 60_000 })
    registry.putKeep({ camera: 'gate', stream: 'main', by: 'root', since: start, until: null })
    registry.setStreams([{ camera: 'old', stream: 'sub', since: start }])
    registry.setStreams([{ camera: 'gate', stream: 'sub', since: start + 1 }])
    registry.looked(start + 5_000.4)
    live.database.close()
    live = openLive(path, new Date(start))
    const again = new LiveRegistry(live.database)
    expect(again.leases()).toEqual([
      { ...lease, until: start + 60_000 },
      { ...lease, id: 'b', token: 't', expires: start + HOUR },
    ])
    expect(again.keeps()).toEqual([{ camera: 'gate', stream: 'main', by: 'root', since: start, until: null }])
    expect(again.streams()).toEqual([{ camera: 'gate', stream: 'sub', since: start + 1 }])
    expect(again.lastLook()).toBe(start + 5_000)
    again.dropLeases(['a', 'b'])
    again.dropKeep({ camera: 'gate', stream: 'main' })
    expect([again.leases(), again.keeps()]).toEqual([[], []])
  })

  it('that is damaged is put aside, and another is begun: recording does not wait for it', () => {
    new LiveRegistry(live.database).putLease(lease)
    live.database.close()
    for (const name of readdirSync(dir)) if (name !== 'live.db') rmSync(join(dir, name))
    writeFileSync(
      path,
      'this is no database, and longer than its header would be, for it goes on and on and on and on and on',
    )
    live = openLive(path, new Date(start))
    expect(live.setAside).toBe(`${path}.damaged-20261125T000000Z`)
    expect(new LiveRegistry(live.database).leases()).toEqual([])
  })
})
