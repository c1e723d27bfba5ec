import { describe, expect, it } from 'vitest'
import { cameraReports, type ReportInput, summarise } from '../../src/daemon/site-report.ts'
import type { Wanted } from '../../src/daemon/wanted/wanted.ts'
import { fakeCameraStatus } from '../support/camera-status.ts'
import { camera, site } from './site.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-11-24T07:10:00Z')
const opened = now - 10 * 60_000

/** Reports of cameras whose newest frame on disk is 12 hours old, of a worker that is a day old. */
function reports(wanted: Record<string, Wanted>, over: Partial<ReportInput> = {}) {
  const ids = Object.keys(wanted)
  const slot = {
    slot: 0,
    cameras: ids.length,
    adopted: false,
    restarts: 0,
    startedAt: now - 24 * HOUR,
    status: {
      slot: 0,
      pid: 1,
      cameras: ids.map(id => {
        const status = fakeCameraStatus(id, { now, since: now - 24 * HOUR })
        const main = { ...status.main, state: 'backing-off' as const, reason: 'refused' }
        return { ...status, main, recording: { ...status.recording, lastWritten: now - 12 * HOUR } }
      }),
      gateway: { listening: undefined, trouble: undefined, readers: 0 },
      memory: { used: 0, waiting: 0 },
    },
  }
  return cameraReports({
    config: site(ids.map(id => camera(id))),
    site: { cameras: new Map(), gatewayUser: undefined, notes: [] },
    placements: new Map(ids.map(id => [id, { slot: 0, since: 0 }])),
    wanted: new Map(Object.entries(wanted)),
    wantedSince: new Map(ids.map(id => [id, opened])),
    views: [slot as unknown as ReportInput['views'][number]],
    totals: new Map(),
    lost: new Map(),
    viewers: new Map(),
    storageTrouble: null,
    now,
    ...over,
  })
}

const schedule = (record: boolean, until: number | null): Wanted => ({ record, by: 'schedule', at: null, until })

describe('the report of a camera with a schedule', () => {
  it('is off outside of it, and says until when', () => {
    const off = reports({
      till: schedule(false, now + 23 * HOUR),
      far: schedule(false, null),
      never: { record: false, by: 'configuration', at: null, until: null },
    })
    expect(off.map(({ health, reason }) => [health, reason])).toEqual([
      ['off', 'outside of its schedule until 06:10'],
      ['off', 'outside of its schedule'],
      ['off', null],
    ])
    expect(summarise(off, null)).toMatchObject({ wanted: 0, bad: 0, off: 3, outsideSchedule: 2 })
  })

  it('tells of one camera how long the disk lasts for all', () => {
    const wanted: Wanted = { record: true, by: 'configuration', at: null, until: null }
    const all = reports({ one: wanted, two: wanted })
    const disk = 4_100_000 * 2 * 450
    expect(summarise(all.slice(0, 1), disk, all)).toMatchObject({ cameras: 1, headroom: HOUR })
  })

  it('has lost only what is missing since its window began', () => {
    const [till] = reports({ till: schedule(true, now + HOUR) })
    expect(till).toMatchObject({ health: 'bad', lost: { refused: 600 } })
  })

  it('gets the time of a start when its window begins', () => {
    const [till] = reports({ till: schedule(true, now + HOUR) }, { wantedSince: new Map([['till', now - 5_000]]) })
    expect(till).toMatchObject({ health: 'starting', lost: {} })
  })
})
