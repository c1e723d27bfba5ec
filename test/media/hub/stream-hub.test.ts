import { describe, expect, it } from 'vitest'
import type { Frame, MediaSession } from '../../../src/media/frame.ts'
import type { FrameReader } from '../../../src/media/hub/index.ts'
import { GROUP_LIMIT } from '../../../src/media/hub/kept-group.ts'
import { CameraStreamHub } from '../../../src/media/hub/stream-hub.ts'
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
    slab.bytes.fill(0, 0, size)
    const frame: Frame = { slab, start: 0, end: size, track, pts: 0, dts: 0, key, arrived: 0, number: number++ }
    hub.publish(frame)
    slab.release()
  }
}

describe('hub', () => {
  it('is not wanted by who only takes a picture and goes: a page of stills keeps no stream up', () => {
    const wanted: number[] = []
    const hub = new CameraStreamHub(readers => wanted.push(readers))
    hub.begin(SESSION)
    const leave = hub.subscribe(reader())
    const glance = hub.subscribe({ ...reader(), passing: true })
    expect(hub.readers).toBe(1)
    leave()
    glance()
    hub.subscribe({ ...reader(), passing: true })()
    expect(wanted.at(-1)).toBe(0)
    expect(Math.max(...wanted.slice(1))).toBe(1)
    expect(wanted.filter((count, index) => count === 1 && wanted[index - 1] === 0)).toEqual([])
  })

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

describe('a group that a recorder has written', () => {
  const SIZE = 100

  /** A hub, a file that holds byte n at n, and frames whose bytes say where in the file they are. */
  function site() {
    const pool = new SlabPool()
    const hub = new CameraStreamHub()
    const reads: [number, number][] = []
    const pending: (() => void)[] = []
    let fault: Error | undefined
    const publish = publisher(hub, pool)
    /** The frames `[first, first + count)` of a track are on disk from `offset` on. */
    const write = (first: number, count: number, offset: number, track = 0) =>
      hub.stored(SESSION, {
        track,
        first,
        samples: { length: count, size: () => SIZE },
        offset,
        read: async (start, end) => {
          reads.push([start, end])
          await new Promise<void>(resolve => pending.push(resolve))
          if (fault) throw fault
          const slab = pool.take(end - start)
          for (let at = start; at < end; at++) slab.bytes[at - start] = at / SIZE
          return slab
        },
      })
    hub.begin(SESSION)
    return {
      hub,
      pool,
      publish,
      write,
      reads,
      fail: () => {
        fault = new Error('EIO')
      },
      disk: async () => {
        for (const resolve of pending.splice(0)) resolve()
        await new Promise(resolve => setImmediate(resolve))
      },
    }
  }

  /** A reader that notes number and first byte of each frame, and when it has joined. */
  function watcher() {
    const seen: string[] = []
    const self: FrameReader = {
      session: () => void seen.push('session'),
      frame: ({ number, slab, start, end }) => void seen.push(`${number}:${slab.bytes[start]}:${end - start}`),
      ended: () => void seen.push('ended'),
      joined: () => void seen.push('joined'),
    }
    return { seen, ...self }
  }

  it('gives its memory back, and is read back once for all who join', async () => {
    const { hub, pool, publish, write, reads, disk } = site()
    for (let i = 0; i < 6; i++) publish(i === 1) // 0 is before the group, 1 to 5 are the group
    expect(pool.used).toBe(5 * SLAB_SIZE)
    write(0, 4, 1_000) // 0 lies at 1000, 1 at 1100
    expect(pool.used).toBe(2 * SLAB_SIZE)
    const [one, two] = [watcher(), watcher()]
    hub.subscribe(one)
    hub.subscribe(two)
    expect(hub.readers).toBe(2)
    expect(one.seen).toEqual([])
    publish(false) // 6 comes while the disk is asked
    await disk()
    const expected = ['session', '1:11:100', '2:12:100', '3:13:100', '4:0:100', '5:0:100', '6:0:100', 'joined']
    expect(one.seen).toEqual(expected)
    expect(two.seen).toEqual(expected)
    expect(reads).toEqual([[1_100, 1_400]])
    publish(false)
    expect(one.seen.at(-1)).toMatch(/^7:/)
    hub.end('over')
    expect(pool.used).toBe(0)
  })

  it('reads every fragment and track from where it lies', async () => {
    const { hub, publish, write, reads, disk } = site()
    publish(true) // 0
    publish(true, 1) // 1, audio
    publish(false) // 2
    publish(true, 1) // 3, audio
    write(1, 1, 2_000, 1)
    write(0, 1, 1_000)
    write(2, 1, 3_000)
    write(3, 1, 3_100, 1)
    const late = watcher()
    hub.subscribe(late)
    for (let i = 0; i < 4; i++) await disk()
    expect(late.seen).toEqual(['session', '0:10:100', '1:20:100', '2:30:100', '3:31:100', 'joined'])
    expect(reads).toHaveLength(4)
  })

  it('is whole for one who joins while it is being read back for another who has left', async () => {
    const { hub, pool, publish, write, disk } = site()
    for (let i = 0; i < 4; i++) publish(i === 0)
    write(0, 2, 1_000)
    hub.subscribe(watcher())()
    // Nobody waits any more: what is written now is given up, too.
    write(2, 1, 2_000)
    const late = watcher()
    hub.subscribe(late)
    for (let i = 0; i < 4; i++) await disk()
    expect(late.seen).toEqual(['session', '0:10:100', '1:11:100', '2:20:100', '3:0:100', 'joined'])
    hub.end('over')
    expect(pool.used).toBe(0)
  })

  it('lets those who wait for a disk that hangs begin with the next key frame', async () => {
    const { hub, pool, publish, write, disk } = site()
    publish(true)
    publish(false)
    write(0, 2, 0)
    const late = watcher()
    hub.subscribe(late)
    publish(true) // 2
    publish(false) // 3
    expect(late.seen).toEqual(['session', 'joined', '2:0:100', '3:0:100'])
    await disk()
    expect(late.seen).toHaveLength(4)
    hub.end('over')
    expect(pool.used).toBe(0)
  })

  it('lets those join without it whom the disk refuses it', async () => {
    const { hub, publish, write, fail, disk } = site()
    publish(true)
    write(0, 1, 0)
    fail()
    const late = watcher()
    hub.subscribe(late)
    await disk()
    publish(false)
    expect(late.seen).toEqual(['session', 'joined', '1:0:100'])
  })

  it('forgets a reader that leaves while it waits, and tells one that waits of an end', async () => {
    const { hub, publish, write, disk } = site()
    publish(true)
    write(0, 1, 0)
    const [gone, stays] = [watcher(), watcher()]
    const leave = hub.subscribe(gone)
    hub.subscribe(stays)
    leave()
    hub.end('camera gone')
    await disk()
    hub.begin(SESSION)
    expect(gone.seen).toEqual([])
    expect(stays.seen).toEqual(['joined', 'session'])
    expect(hub.readers).toBe(1)
  })

  it('takes no notice of frames of another session', () => {
    const { hub, pool, publish, write } = site()
    publish(true)
    hub.begin({ ...SESSION, id: 's2' })
    publish(true)
    write(0, 2, 0)
    expect(pool.used).toBe(SLAB_SIZE)
  })
})

describe('who waits for a stream', () => {
  it('makes it impatient: any reader but a patient one, and whoever holds it', () => {
    const hub = new CameraStreamHub()
    hub.subscribe({ ...reader(), patient: true })
    expect(hub.patient).toBe(true)
    const leave = hub.subscribe(reader())
    expect(hub.patient).toBe(false)
    leave()
    expect(hub.patient).toBe(true)
    const sessions: string[] = []
    const letGo = hub.hold(({ id }) => void sessions.push(id))
    expect([hub.patient, hub.readers]).toEqual([false, 2])
    hub.begin(SESSION)
    letGo()
    hub.begin({ ...SESSION, id: 's2' })
    expect(sessions).toEqual(['s1'])
    expect([hub.patient, hub.readers]).toEqual([true, 1])
  })
})
