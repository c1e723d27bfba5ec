import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportCamera } from '../../../src/recording/export/export-camera.ts'
import { STILL_OPEN } from '../../../src/recording/open-segments.ts'
import { canMount, SmallDisk } from '../../support/mounts.ts'
import { H264, H265 } from '../../wire/mp4/support.ts'
import { madeTrack, readClip, START, TestArchive } from './support.ts'

let archive: TestArchive
beforeEach(() => {
  archive = new TestArchive()
})
afterEach(() => archive[Symbol.dispose]())

/** Seconds of pictures, ten a second and one in ten a key frame. */
function pictures(seconds: number, seed: number, size = 100) {
  const frames = Array.from({ length: seconds * 10 }, (_, number) => ({
    decodeTime: number * 9_000,
    compositionOffset: 0,
    duration: 9_000,
    key: number % 10 === 0,
  }))
  return madeTrack({ timescale: 90_000, parameters: H264 }, frames, seed, () => size)
}

/** Three segments of two seconds in one session. */
function threeSegments(size = 100) {
  return [0, 1, 2].map(number =>
    archive.add({
      tracks: [pictures(2, number + 1, size)],
      at: number * 2_000,
      session: 'a',
      number,
      mediaTime: number * 180_000,
    }),
  )
}

const clip = () => archive.out('clip.mp4')
/** What lies beside the archive. */
const written = () => readdirSync(archive.dir).filter(name => name !== 'archive')
const all = (more = {}) => exportCamera(archive.request(0, 10_000, more), archive.context())

describe('a span without footage', () => {
  it('is told with the nearest footage', async () => {
    threeSegments()
    archive.add({ tracks: [pictures(1, 9)], at: 7_200_000, session: 'b', number: 0 })
    await expect(exportCamera(archive.request(60_000, 90_000), archive.context())).rejects.toMatchObject({
      code: 'VMS_E_NO_FOOTAGE',
      message: 'no footage of gate-1 (main) from 2026-11-24T15:01:00+01:00 to 2026-11-24T15:01:30+01:00',
      hint: 'The nearest footage before it ends at 2026-11-24T15:00:06+01:00, and behind it begins at 2026-11-24T17:00:00+01:00.',
      exitCode: 3,
    })
    expect(written()).toEqual([])
  })

  it('is told of a camera that has none at all', async () => {
    await expect(all()).rejects.toMatchObject({
      code: 'VMS_E_NO_FOOTAGE',
      hint: 'The archive has nothing else of it.',
    })
  })
})

describe('segments that are not as the index says', () => {
  it.each([
    ['gone', (path: string) => rmSync(path), 'is gone', 40],
    ['something else', (path: string) => writeFileSync(path, 'no film'), 'is no segment: its header is damaged', 40],
    ['empty', (path: string) => truncateSync(path, 0), 'is no segment: its header is damaged', 40],
    ['cut off', (path: string) => truncateSync(path, readFileSync(path).length - 150), 'is truncated behind byte', 56],
    [
      'longer',
      (path: string) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(10)])),
      'is damaged behind byte',
      60,
    ],
  ])('leave a gap and are named: %s', async (_, harm, problem, frames) => {
    const [, second] = threeSegments()
    harm(archive.absolute(second!.path))
    const exported = await all()
    expect(exported.problems).toEqual([expect.stringContaining(`${second!.path} ${problem}`)])
    expect(exported.frames).toBe(frames)
    const inner = exported.gaps.filter(({ from }) => from < exported.to)
    expect(inner.length).toBe(frames === 60 ? 0 : 1)
    const [video] = await readClip(clip())
    expect(video!.samples.at(-1)!.dts).toBe(59 * 9_000)
  })

  it('are refused when there is no other', async () => {
    for (const { path } of threeSegments()) rmSync(archive.absolute(path))
    await expect(all()).rejects.toMatchObject({ code: 'VMS_E_FOOTAGE_DAMAGED', exitCode: 8 })
    expect(written()).toEqual([])
  })

  it('are of another camera', async () => {
    const [first, second] = threeSegments()
    const other = readFileSync(archive.absolute(second!.path)).toString('latin1').replace('"gate-1"', '"gate-9"')
    writeFileSync(archive.absolute(second!.path), Buffer.from(other, 'latin1'))
    expect((await all()).problems).toEqual([`${second!.path} is of another camera: gate-9, main`])
    expect(first).toBeDefined()
  })

  it('are laid out anew when retention takes one meanwhile', async () => {
    const [first] = threeSegments()
    let asked = 0
    const token = () => {
      // Behind the plan, before the copy.
      if (++asked === 1) rmSync(archive.absolute(first!.path))
      return `t${asked}`
    }
    const exported = await exportCamera(archive.request(0, 10_000), archive.context({ token }))
    expect(asked).toBe(2)
    expect(exported.problems).toEqual([`${first!.path} is gone`])
    expect([exported.frames, exported.from]).toEqual([40, new Date(START + 2_000).toISOString()])
    expect(written()).toEqual(['clip.mp4'])
  })

  it('may still be written: what is there of it is exported, and it may grow meanwhile', async () => {
    const [, , third] = threeSegments()
    const path = archive.absolute(third!.path)
    const whole = readFileSync(path)
    // Up to the middle of its last fragment.
    writeFileSync(path, whole.subarray(0, whole.length - 150))
    archive.rows[2] = { ...third!, ended: STILL_OPEN, bytes: 1 }
    const token = () => {
      writeFileSync(path, whole)
      return 't'
    }
    const exported = await exportCamera(archive.request(0, 10_000), archive.context({ token }))
    expect(exported).toMatchObject({ problems: [], frames: 56 })
    expect((await readClip(clip()))[0]!.bytes.at(-1)).toEqual(pictures(2, 3).units[15]!.bytes)
  })

  it('are given up when they change all the time', async () => {
    const [first] = threeSegments()
    const path = archive.absolute(first!.path)
    const token = () => {
      writeFileSync(path, readFileSync(path))
      return 't'
    }
    const exported = exportCamera(archive.request(0, 10_000), archive.context({ token }))
    await expect(exported).rejects.toMatchObject({ code: 'VMS_E_FOOTAGE_DAMAGED' })
    expect(written()).toEqual([])
  })
})

describe('gaps', () => {
  it.each([false, true])(
    'are none where the clocks of camera and recorder run apart (segments as they are: %s)',
    async originals => {
      for (const number of [0, 1, 2]) {
        const mediaTime = number * 180_000
        archive.add({ tracks: [pictures(2, number + 1)], at: number * 2_150, session: 'a', number, mediaTime })
      }
      mkdirSync(archive.out('files'))
      const target = { directory: archive.out('files') }
      const { gaps, frames } = await exportCamera(archive.request(0, 6_300, { originals, target }), archive.context())
      expect([gaps, frames]).toEqual([[], 60])
    },
  )

  it('are given with what the account says of them', async () => {
    archive.add({ tracks: [pictures(2, 1)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(2, 2)], at: 62_000, session: 'b', number: 0 })
    archive.account = [
      { start: START, end: START + 2_000, state: 'recorded', detail: null },
      { start: START + 2_000, end: START + 12_000, state: 'unreachable', detail: 'no route to 10.0.1.7' },
      { start: START + 12_000, end: START + 62_000, state: 'stopped', detail: 'by alice' },
      { start: START + 62_000, end: START + 64_000, state: 'recorded', detail: null },
    ]
    const { gaps, duration, frames } = await all({ to: START + 64_000 })
    expect(gaps).toEqual([
      {
        from: '2026-11-24T14:00:02.000Z',
        to: '2026-11-24T14:01:02.000Z',
        seconds: 60,
        reasons: [
          { reason: 'stopped', detail: 'by alice', seconds: 50 },
          { reason: 'unreachable', detail: 'no route to 10.0.1.7', seconds: 10 },
        ],
      },
    ])
    expect([duration, frames]).toEqual([64, 40])
    const closed = await all({ to: START + 64_000, keepGaps: false, force: true })
    expect([closed.duration, closed.gaps.length]).toEqual([4, 1])
  })
})

describe('the file', () => {
  it('is not written over another, but when it is to be', async () => {
    threeSegments()
    writeFileSync(clip(), 'mine')
    await expect(all()).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS', exitCode: 4 })
    expect(readFileSync(clip(), 'utf8')).toBe('mine')
    await all({ force: true })
    expect((await readClip(clip()))[0]!.samples.length).toBe(60)
    expect(written()).toEqual(['clip.mp4'])
  })

  it('is whole when two write it at once, and the slower is told', async () => {
    threeSegments()
    const settled = await Promise.allSettled(
      [1, 2, 3].map(async turn => {
        const token = () => `turn${turn}`
        return exportCamera(archive.request(0, 10_000), archive.context({ token }))
      }),
    )
    const refused = settled.filter(one => one.status === 'rejected')
    expect(refused.map(({ reason }) => reason.code)).toEqual(['VMS_E_FILE_EXISTS', 'VMS_E_FILE_EXISTS'])
    expect((await readClip(clip()))[0]!.samples.length).toBe(60)
    expect(written()).toEqual(['clip.mp4'])
  })

  it('is nowhere when the export is interrupted', async () => {
    threeSegments(50_000)
    const abort = new AbortController()
    const progress = (done: number) => {
      if (done > 1_000_000) abort.abort(new Error('Ctrl-C'))
    }
    const exported = exportCamera(archive.request(0, 10_000), archive.context({ signal: abort.signal, progress }))
    await expect(exported).rejects.toThrow('Ctrl-C')
    expect(written()).toEqual([])
  })

  it('is not written where there is no directory', async () => {
    threeSegments()
    const file = archive.out('none/clip.mp4')
    await expect(all({ target: { file } })).rejects.toMatchObject({
      code: 'VMS_E_FILE_WRITE',
      message: `${file} cannot be written: its directory does not exist`,
      exitCode: 5,
    })
  })

  it('is named by camera and time in a directory', async () => {
    threeSegments()
    mkdirSync(archive.out('clips'))
    const { files } = await all({ from: START + 3_050, target: { directory: archive.out('clips') } })
    expect(files.map(({ path }) => path)).toEqual([archive.out('clips/gate-1_20261124T140003Z.mp4')])
  })

  it('can be the segments themselves', async () => {
    const rows = threeSegments()
    mkdirSync(archive.out('files'))
    const { files, frames } = await all({
      from: START + 3_000,
      originals: true,
      target: { directory: archive.out('files') },
    })
    expect(readdirSync(archive.out('files'))).toEqual(['gate-1_a-1.mp4', 'gate-1_a-2.mp4'])
    for (const [index, { path }] of files.entries()) {
      expect(readFileSync(path)).toEqual(readFileSync(archive.absolute(rows[index + 1]!.path)))
    }
    expect(frames).toBe(40)
  })
})

describe('segments as they are', () => {
  it('are copied though retention takes one meanwhile: those that were written already are no obstacle', async () => {
    const [, second] = threeSegments()
    mkdirSync(archive.out('files'))
    let asked = 0
    const token = () => {
      if (++asked === 2) rmSync(archive.absolute(second!.path))
      return `t${asked}`
    }
    const request = archive.request(0, 10_000, { originals: true, target: { directory: archive.out('files') } })
    const { files, problems } = await exportCamera(request, archive.context({ token }))
    expect(files.map(({ path }) => path)).toEqual(['a-0', 'a-2'].map(name => archive.out(`files/gate-1_${name}.mp4`)))
    expect(problems).toEqual([`${second!.path} is gone`])
    expect(readdirSync(archive.out('files')).sort()).toEqual(['gate-1_a-0.mp4', 'gate-1_a-2.mp4'])
  })

  it('never take the place of a file that was there before', async () => {
    const [, second] = threeSegments()
    mkdirSync(archive.out('files'))
    const there = archive.out('files/gate-1_a-2.mp4')
    writeFileSync(there, 'mine')
    let asked = 0
    const token = () => {
      if (++asked === 2) rmSync(archive.absolute(second!.path))
      return `t${asked}`
    }
    const request = archive.request(0, 10_000, { originals: true, target: { directory: archive.out('files') } })
    await expect(exportCamera(request, archive.context({ token }))).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS' })
    expect(readFileSync(there, 'utf8')).toBe('mine')
  })

  it('are copied though one is cut off, and though the codec changes between them', async () => {
    const [first] = threeSegments()
    truncateSync(archive.absolute(first!.path), readFileSync(archive.absolute(first!.path)).length - 150)
    const h265 = { ...pictures(1, 9), parameters: H265 }
    archive.add({ tracks: [h265], at: 8_000, session: 'b', number: 0 })
    mkdirSync(archive.out('files'))
    const exported = await all({ originals: true, target: { directory: archive.out('files') } })
    expect(exported.problems).toEqual([expect.stringContaining('is truncated')])
    expect(exported.files.length).toBe(4)
    expect(readFileSync(exported.files[0]!.path)).toEqual(readFileSync(archive.absolute(first!.path)))
    // What the cut took, what was not recorded, and what is asked for beyond the end.
    expect(exported.gaps.map(({ seconds }) => seconds)).toEqual([0.4, 2, 1])
  })
})

describe.skipIf(!canMount())('a disk', () => {
  it('without room is not begun to be written to', async () => {
    threeSegments(50_000)
    using disk = new SmallDisk(2_000_000)
    const file = join(disk.mountPoint, 'clip.mp4')
    await expect(all({ target: { file } })).rejects.toMatchObject({
      code: 'VMS_E_FILE_WRITE',
      message: expect.stringContaining('needs 3 MB and its disk has 2'),
    })
    expect(readdirSync(disk.mountPoint)).toEqual([])
  })

  it('that fills up meanwhile leaves no half file', async () => {
    threeSegments(50_000)
    using disk = new SmallDisk(4_000_000)
    const file = join(disk.mountPoint, 'clip.mp4')
    const filler = join(disk.mountPoint, 'filler')
    const progress = (done: number) => {
      if (done <= 500_000 || existsSync(filler)) return
      expect(() => writeFileSync(filler, Buffer.alloc(4_000_000))).toThrow('ENOSPC')
    }
    const exported = exportCamera(archive.request(0, 10_000, { target: { file } }), archive.context({ progress }))
    await expect(exported).rejects.toMatchObject({
      code: 'VMS_E_FILE_WRITE',
      message: `${file} cannot be written: the disk is full`,
    })
    expect(readdirSync(disk.mountPoint)).toEqual(['filler'])
  })

  it('that is read-only is said to be', async () => {
    threeSegments()
    using disk = new SmallDisk(4_000_000)
    spawnSync('mount', ['-o', 'remount,bind,ro', disk.mountPoint])
    const file = join(disk.mountPoint, 'clip.mp4')
    await expect(all({ target: { file } })).rejects.toMatchObject({
      code: 'VMS_E_FILE_WRITE',
      message: `${file} cannot be written: the file system is read-only`,
    })
  })
})
