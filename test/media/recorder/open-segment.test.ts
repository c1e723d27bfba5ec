import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fragment } from '../../../src/media/recorder/fragment.ts'
import { FragmentBuilder } from '../../../src/media/recorder/fragment-builder.ts'
import { OpenSegment } from '../../../src/media/recorder/open-segment.ts'
import { recordedTracks } from '../../../src/media/recorder/recorded-tracks.ts'
import type { SegmentMark } from '../../../src/wire/mp4/index.ts'
import { readArchive } from './read-archive.ts'
import { Bench } from './recording-bench.ts'
import { SyntheticCamera } from './synthetic-camera.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.remove())

/** Fragments of five frames, and what was sent in them. */
function fragments(count: number): { fragments: Fragment[]; camera: SyntheticCamera } {
  const made: Fragment[] = []
  let builder: FragmentBuilder | undefined
  const reader = {
    session: (session: Parameters<typeof recordedTracks>[0]) => {
      builder = new FragmentBuilder(session, recordedTracks(session))
    },
    frame: (frame: Parameters<FragmentBuilder['addLead']>[0]) => {
      if (frame.number % 5 === 0) {
        const done = builder!.end(frame.dts)
        if (done) made.push(done)
        builder!.begin(frame, undefined, true)
      }
      builder!.addLead(frame, frame.dts)
    },
    ended: () => void made.push(builder!.end(undefined)!),
  }
  const camera = new SyntheticCamera({ id: 'a', pool: bench.pool, reader, gop: 7 })
  camera.begin('first')
  for (let frame = 0; frame < count * 5; frame++) camera.frame(1_000 + frame * 40)
  camera.end('stopped')
  camera.close()
  return { fragments: made, camera }
}

function mark(first: Fragment): SegmentMark {
  return {
    version: 1,
    site: 'warehouse',
    camera: 'a',
    stream: 'main',
    session: first.session.id,
    number: 0,
    wallStart: first.wallStart,
    mediaTime: first.lead.dts,
    timescale: first.lead.timescale,
    reason: 'first',
    clockOffset: null,
  }
}

describe('OpenSegment', () => {
  it('leaves nothing behind of fragments that were half written and then dropped', async () => {
    const { fragments: all, camera } = fragments(4)
    const file = await OpenSegment.create(bench.disk, { directory: 'a/main/x', stem: 'y' }, mark(all[0]!), all[0]!)
    await file.write(all.slice(0, 1))
    let calls = 0
    bench.fs.takes = 15_000
    bench.fs.fault = ({ name }) => (name === 'writev' && ++calls > 1 ? 'ENOSPC' : undefined)
    await expect(file.write(all.slice(1))).rejects.toMatchObject({ code: 'ENOSPC' })
    bench.fs.fault = () => undefined
    await file.write(all.slice(1, 2))
    expect(await file.close('stopped')).toBe(true)
    for (const fragment of all) fragment.release()
    const [segment] = readArchive(bench.path)
    expect(segment!.tail).toBe('whole')
    expect(segment!.frames.map(({ bytes }) => bytes)).toEqual(camera.sent.slice(0, 10).map(({ bytes }) => bytes))
    expect(bench.pool.used).toBe(0)
  })

  it('is removed when nothing whole came into it', async () => {
    const { fragments: all } = fragments(1)
    const file = await OpenSegment.create(bench.disk, { directory: 'a/main/x', stem: 'y' }, mark(all[0]!), all[0]!)
    bench.fs.fault = ({ name }) => (name === 'writev' ? 'EIO' : undefined)
    await expect(file.write(all)).rejects.toMatchObject({ code: 'EIO' })
    await file.abandon('disk-error', () => {})
    expect(readArchive(bench.path)).toEqual([])
    for (const fragment of all) fragment.release()
  })
})

describe('Fragment', () => {
  it('forgets what is before its first key frame, with its memory', () => {
    const { fragments: all, camera } = fragments(4)
    // Key frames are 0, 7, 14; fragments hold 0-4, 5-9, 10-14, 15-19.
    const skipped = all.map(fragment => fragment.skipToKey())
    expect(skipped).toEqual([0, 2, 4, 5])
    expect(all.map(({ frames }) => frames)).toEqual([5, 3, 1, 0])
    for (const [index, first] of [0, 7, 14].entries()) {
      const fragment = all[index]!
      const sent = camera.sent.slice(first, (index + 1) * 5)
      const buffers: Uint8Array[] = []
      fragment.buffers(buffers)
      expect(Buffer.concat(buffers).equals(Buffer.concat(sent.map(({ bytes }) => bytes)))).toBe(true)
      expect(fragment.bytes).toBe(sent.reduce((sum, { bytes }) => sum + bytes.length, 0))
      expect(fragment.lead.dts).toBe(sent[0]!.dts)
      expect(fragment.wallStart).toBeCloseTo(1_000 + first * 40)
    }
    for (const fragment of all) fragment.release()
    expect(bench.pool.used).toBe(0)
    expect(all[0]).toBeInstanceOf(Fragment)
  })
})
