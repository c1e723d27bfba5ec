import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CameraStreamHub, type FrameReader } from '../../../src/media/hub/index.ts'
import { Bench } from './recording-bench.ts'
import { SyntheticCamera } from './synthetic-camera.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open({ settings: { segment: 10_000 } })
})
afterEach(() => bench.remove())

/** A camera with sound and a key frame every `gop` frames, recorded through a hub as a worker does it. */
function site(gop: number) {
  const hub = new CameraStreamHub()
  hub.subscribe(bench.recorder('a', false, (session, frames) => hub.stored(session, frames)))
  const source: FrameReader = {
    session: session => hub.begin(session),
    frame: frame => hub.publish(frame),
    ended: reason => hub.end(reason),
  }
  const camera = new SyntheticCamera({ id: 'a', pool: bench.pool, reader: source, gop, audio: true, size: 20_000 })
  bench.cameras.push(camera)
  camera.begin('first')
  return { hub, camera }
}

/** Joins, and gives what came by then, as `track/number` and bytes. */
async function join(hub: CameraStreamHub): Promise<{ name: string; bytes: Buffer }[]> {
  const got: { name: string; bytes: Buffer }[] = []
  await new Promise<void>(resolve => {
    hub.subscribe({
      session: () => {},
      frame: ({ track, number, slab, start, end }) =>
        got.push({ name: `${track}/${number}`, bytes: Buffer.from(slab.bytes.subarray(start, end)) }),
      ended: () => {},
      joined: resolve,
    })
  })
  return got
}

describe('frames that are on disk', () => {
  it('come back as they were sent, picture and sound, with those that are still in memory', async () => {
    const { hub, camera } = site(250)
    await bench.play(8.3)
    const got = await join(hub)
    const sent = camera.sent.map(({ track, number, bytes }) => ({ name: `${track}/${number}`, bytes }))
    expect(got.map(({ name }) => name)).toEqual(sent.map(({ name }) => name))
    for (const [index, { name, bytes }] of got.entries()) expect(bytes.equals(sent[index]!.bytes), name).toBe(true)
    await bench.stop()
  })

  it('come back also where a group begins in the middle of a fragment', async () => {
    const { hub, camera } = site(30)
    await bench.play(3)
    const from = camera.sent.findLastIndex(({ track, key }) => track === 0 && key)
    const sent = camera.sent.slice(from)
    const got = await join(hub)
    expect(got.map(({ name }) => name)).toEqual(sent.map(({ track, number }) => `${track}/${number}`))
    for (const [index, { bytes }] of got.entries()) expect(bytes.equals(sent[index]!.bytes)).toBe(true)
    await bench.stop()
  })

  it('need no memory: of ten seconds of pictures less than two are kept', async () => {
    const { hub } = site(250)
    await bench.play(9.5)
    expect(hub.session).toBeDefined()
    expect(bench.pool.used).toBeLessThan(2 * 25 * 20_000)
    await bench.stop()
    hub.end('over')
    expect(bench.pool.used).toBe(0)
  })

  it('are done without when their file is gone', async () => {
    const { hub } = site(250)
    await bench.play(3)
    bench.fs.fault = ({ name }) => (name === 'readAt' ? 'ENOENT' : undefined)
    expect(await join(hub)).toEqual([])
    await bench.stop()
  })
})
