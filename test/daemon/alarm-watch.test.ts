import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { AlarmWatch } from '../../src/daemon/alarm-watch.ts'
import type { CameraReport } from '../../src/daemon/types.ts'
import { openDatabase } from '../../src/database/open.ts'
import { type Clock, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { readRaised } from '../../src/recording/alarms/index.ts'
import { Archive, type CoveragePiece, SegmentIndex } from '../../src/recording/index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { camera, site } from './site.ts'

const START = 1_800_000_000_000
const directory = mkdtempSync(join(tmpdir(), 'vms-alarm-watch-'))
let now = 0
const clock: Clock = { ...systemClock, wall: () => START + now, monotonic: () => now }

/** An archive whose disk gives no answer, or this account. */
class SlowArchive extends Archive {
  answer: ((pieces: CoveragePiece[]) => void) | undefined
  asked = 0
  override coverage(): Promise<CoveragePiece[]> {
    this.asked++
    return new Promise(resolve => {
      this.answer = resolve
    })
  }
}

const report: CameraReport = {
  id: 'gate',
  group: null,
  health: 'bad',
  reason: 'the disk hangs',
  wish: { record: true, by: 'configuration', at: null, until: null },
  worker: 0,
  main: null,
  sub: null,
  recording: null,
  writtenAge: null,
  bytesOnDisk: 0,
  viewers: 0,
  lost: {},
}

function watched() {
  now = 0
  const path = join(mkdtempSync(join(directory, 'd-')), 'alarms.db')
  const config = site([camera('gate')], { alarms: { ...site([]).alarms, headroom: 0 } })
  const index = new SegmentIndex(openDatabase(':memory:', INDEX_SCHEMA))
  const archive = new SlowArchive({ config, clock, index, state: undefined })
  const watch = new AlarmWatch({ path, config, clock, random: () => 0.5, env: {}, log: silentLogger })
  const look = (since = START) =>
    watch.look({ archive, cameras: [report], since: new Map([['gate', since]]), headroom: null })
  return { archive, watch, look, rules: () => readRaised(path).map(({ rule }) => rule) }
}

afterAll(() => rmSync(directory, { recursive: true }))

it('tells that nothing is recorded although the disk that holds the footage does not answer', async () => {
  const { archive, watch, look, rules } = watched()
  for (now = 0; now <= 300_000; now += 5_000) look()
  expect(rules()).toEqual(['not-recorded'])
  expect(archive.asked).toBe(1)
  await watch.close()
})

it('takes the coverage of the last hour when it comes, and asks again a minute later', async () => {
  const { archive, watch, look, rules } = watched()
  const recorded = { start: START - 3_600_000, end: START - 1_800_000, state: 'recorded', detail: null } as const
  const missing = { start: recorded.end, end: START, state: 'unreachable', detail: null } as const
  look()
  archive.answer!([recorded, missing])
  await setImmediate()
  const recent = () => look(START + now)
  for (now = 5_000; now <= 60_000; now += 5_000) recent()
  expect(rules()).toEqual(['coverage'])
  expect(archive.asked).toBe(2)
  await watch.close()
})
