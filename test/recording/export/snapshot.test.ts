import { readFileSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeSnapshot } from '../../../src/recording/export/snapshot.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { H264 } from '../../wire/mp4/support.ts'
import { madeTrack, readClip, START, TestArchive } from './support.ts'

let archive: TestArchive
beforeEach(() => {
  archive = new TestArchive()
  for (const number of [0, 1]) {
    const frames = Array.from({ length: 10 }, (_, frame) => ({
      decodeTime: frame * 9_000,
      compositionOffset: 0,
      duration: 9_000,
      key: frame === 0,
    }))
    const track = madeTrack({ timescale: 90_000, parameters: H264 }, frames, number + 1, () => 50)
    archive.add({ tracks: [track], at: 0, session: `s${number}`, number: 0 })
  }
})
afterEach(() => archive[Symbol.dispose]())

const snapshot = (token: () => string) =>
  takeSnapshot(
    { camera: 'gate-1', stream: 'main', at: START + 500, path: archive.out('key.mp4'), force: false },
    { ...archive.context({ token }), clock: new FakeClock(START) },
  )

it('is taken of other footage when retention takes the first meanwhile', async () => {
  let asked = 0
  const { format } = await snapshot(() => {
    if (++asked === 1) rmSync(archive.absolute(archive.rows[0]!.path))
    return `t${asked}`
  })
  expect(format).toBe('mp4')
  expect((await readClip(archive.out('key.mp4')))[0]!.bytes[0]!.at(-1)).toBe(2)
})

it('is given up, in words for people, when all footage goes', async () => {
  const all = snapshot(() => {
    for (const { path } of archive.rows) rmSync(archive.absolute(path), { force: true })
    return 't'
  })
  await expect(all).rejects.toMatchObject({ code: 'VMS_E_FOOTAGE_DAMAGED' })
  expect(() => readFileSync(archive.out('key.mp4'))).toThrow('ENOENT')
})
