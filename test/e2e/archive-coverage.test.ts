import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { formatInstant } from '../../src/kernel/instant.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import type { CoveragePiece } from '../../src/recording/types.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

const site = new TestSite({ segment: 3 })
const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
let cameras: VirtualCamerasProcess
let began = 0

beforeAll(async () => {
  cameras = await spawnVirtualCameras({ count: 3, main: 500_000, sub: 200_000, gop: 25 })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras)])
  await site.start()
  began = await site.recording()
})
afterAll(() => site[Symbol.asyncDispose]())

async function account(from: number, ...args: string[]) {
  const { out } = await vmsctl(['archive', 'coverage', '--from', formatInstant(from, 'UTC'), '--json', ...args], env)
  const { cameras: found } = JSON.parse(out) as {
    cameras: { camera: string; percent: number; pieces: CoveragePiece[] }[]
  }
  return new Map(found.map(one => [one.camera, one]))
}
const states = (pieces: readonly CoveragePiece[] | undefined) => pieces?.map(({ state }) => state)

it('says what became of each camera: recorded, refused for a while, stopped by a person', async () => {
  await sleep(systemClock, 2_500)
  await vmsctl(['record', 'stop', 'cam-002'], env)
  const stopped = Date.now()
  await cameras.client.fault('cam-003:answer=404')
  await cameras.client.fault('cam-003:drop')
  // While it lasts nobody has noted it; whoever runs knows why.
  const lasting = await site.until('the outage has its reason', async () => {
    const last = (await account(began, 'cam-003')).get('cam-003')?.pieces.at(-1)
    return last?.state === 'refused' && last
  })
  expect(lasting.detail).toBe('404 no such stream')
  await cameras.client.clear('cam-003')
  await site.recording(['cam-003'])
  await site.until(
    'the gap is over',
    async () => (await account(began)).get('cam-003')?.pieces.at(-1)?.state === 'recorded',
  )
  const found = await account(began)
  // The outage is explained from its first moment to its last.
  const [before, ...outage] = states(found.get('cam-003')?.pieces)!
  expect([before, outage.pop()]).toEqual(['recorded', 'recorded'])
  expect(outage).toContain('refused')
  expect(outage).not.toContain('node-down')
  const lost = found.get('cam-003')!.pieces.find(({ state }) => state === 'refused')!
  expect(lost.detail).toBe('404 no such stream')
  expect(lost.end - lost.start).toBeGreaterThan(3_000)
  expect(states(found.get('cam-001')?.pieces)).toEqual(['recorded'])
  expect(found.get('cam-001')?.percent).toBe(100)
  const off = found.get('cam-002')!
  expect(states(off.pieces)).toEqual(['recorded', 'stopped'])
  expect(off.pieces[1]!.detail).toMatch(/^by \S/)
  expect(Math.abs(off.pieces[1]!.start - stopped)).toBeLessThan(3_000)
  // What nobody wanted does not count against it.
  expect(off.percent).toBe(100)
})

it('says that nobody was there, and makes a page of it, without a daemon', async () => {
  await site.stop()
  const ended = Date.now()
  await sleep(systemClock, 11_500)
  const found = await account(began, 'cam-001')
  const pieces = found.get('cam-001')!.pieces
  expect(states(pieces)).toEqual(['recorded', 'node-down'])
  expect(Math.abs(pieces[1]!.start - ended)).toBeLessThan(3_000)
  const path = join(site.dir, 'coverage.html')
  const { code, err } = await vmsctl(
    ['archive', 'coverage', '--from', '-1h', '--html', '-o', path, '--fail-under', '99'],
    env,
  )
  expect([code, err]).toEqual([8, expect.stringContaining('under 99 %: cam-001')])
  expect(readFileSync(path, 'utf8')).toContain('node-down')
  expect((await vmsctl(['archive', 'list', 'cam-001', '--from', '-1h'], env)).out).toMatch(/cam-001\/main\/\S+\.mp4/)
})
