import { describe, expect, it } from 'vitest'
import type { Frame, MediaSession } from '../../../src/media/frame.ts'
import type { FrameReader } from '../../../src/media/hub/index.ts'
import { CameraStreamHub, GROUP_LIMIT } from '../../../src/media/hub/stream-hub.ts'
import { SLAB_SIZE, SlabPool } from '../../../src/media/memory/slab.ts'

const SESSION = {
  id: 's1',
  video: 0,
  tracks: [],
  camera: 'c',
  stream: 'main',
  reason: 'first',
} as unknown as MediaSession

function reader() {
  const seen: (number | string)[] = []
  const self: FrameReader = {
    session: session => void seen.push(`+${session.id}`),
    frame: frame => void seen.push(frame.number),
    ended: reason => void seen.push(`-${reason}`),
  }
  return { seen, ...self }
}

function publisher(hub: CameraStreamHub, pool: SlabPool) {
  let number = 0
  return (key: boolean, track = 0, size = 100) => {
    const slab = pool.take(size)
    const frame: Frame = { slab, start: 0, end: size, track, pts: 0, dts: 0, key, arrived: 0, number: number++ }
    hub.publish(frame)
    slab.release()
  }
}

describe('hub', () => {
  it('gives a reader who joins the frames since the last key frame, of all tracks', () => {
    const hub = new CameraStreamHub()
    const pool = new SlabPool()
    const publish = publisher(hub, pool)
    hub.begin(SESSION)
    publish(true) // 0
    publish(false) // 1
    publish(true) // 2
    publish(true, 1) // 3: audio, every frame of it is key
    publish(false) // 4
    const late = reader()
    hub.subscribe(late)
    expect(late.seen).toEqual(['+s1', 2, 3, 4])
    publish(false)
    expect(late.seen.at(-1)).toBe(5)
  })

  it('holds no memory of groups that are over, and none after the end', () => {
    const hub = new CameraStreamHub()
    const pool = new SlabPool()
    const publish = publisher(hub, pool)
    hub.begin(SESSION)
    for (let i = 0; i < 30; i++) publish(i % 10 === 0)
    expect(pool.used).toBe(10 * SLAB_SIZE)
    hub.end('gone')
    expect(pool.used).toBe(0)
  })

  it('keeps nothing of a group over the limit, and the next one again', () => {
    const hub = new CameraStreamHub()
    const pool = new SlabPool()
    const publish = publisher(hub, pool)
    hub.begin(SESSION)
    publish(true, 0, GROUP_LIMIT - 10)
    publish(false)
    const late = reader()
    hub.subscribe(late)
    expect(late.seen).toEqual(['+s1'])
    publish(true)
    const later = reader()
    hub.subscribe(later)
    expect(later.seen).toEqual(['+s1', 2])
  })

  it('tells its source how many want the stream', () => {
    const counts: number[] = []
    const hub = new CameraStreamHub(readers => counts.push(readers))
    const leaveA = hub.subscribe(reader())
    const leaveB = hub.subscribe(reader())
    leaveA()
    leaveA()
    leaveB()
    expect(counts).toEqual([1, 2, 1, 0])
  })

  it('tells the end once, and lets a new session follow', () => {
    const hub = new CameraStreamHub()
    const one = reader()
    hub.subscribe(one)
    hub.begin(SESSION)
    hub.end('camera dropped the connection')
    hub.end('again')
    hub.begin({ ...SESSION, id: 's2' })
    expect(one.seen).toEqual(['+s1', '-camera dropped the connection', '+s2'])
  })

  it('drops frames outside a session', () => {
    const hub = new CameraStreamHub()
    const pool = new SlabPool()
    const one = reader()
    hub.subscribe(one)
    publisher(hub, pool)(true)
    expect(one.seen).toEqual([])
    expect(pool.used).toBe(0)
  })
})
