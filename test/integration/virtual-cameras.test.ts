import { afterEach, describe, expect, it } from 'vitest'
import { parseFault, VirtualCameras, type VirtualCamerasOptions } from '../../src/media/virtual/index.ts'
import { parseRtcp } from '../../src/wire/rtp/index.ts'
import { type MarkWatcher, watchMarks } from '../support/mark-watcher.ts'
import { RtspClient } from '../support/rtsp-client.ts'

let cameras: VirtualCameras
const open: { close(): void }[] = []

async function start(options: Partial<VirtualCamerasOptions> = {}): Promise<void> {
  cameras = new VirtualCameras({ count: 3, fps: 50, gop: 10, main: 1e6, sub: 200e3, ...options })
  await cameras.start()
}

async function watch(path: string): Promise<MarkWatcher> {
  const watcher = await watchMarks(`${cameras.url}/${path}`)
  open.push(watcher)
  return watcher
}

function fault(text: string): void {
  cameras.fault(parseFault(text))
}

const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** The numbers between which something is missing. */
function holes(numbers: readonly number[]): [number, number][] {
  return numbers.flatMap((number, i) =>
    i > 0 && number !== numbers[i - 1]! + 1 ? [[numbers[i - 1]!, number] as [number, number]] : [],
  )
}

afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await cameras.stop()
})

describe('virtual cameras', () => {
  it('send marked frames in order, each stream its own, from a key frame on', async () => {
    await start()
    const [main, sub, other] = await Promise.all([watch('cam-001/main'), watch('cam-001/sub'), watch('cam-003/main')])
    await Promise.all([main, sub, other].map(watcher => watcher.frames(30)))
    for (const [watcher, camera, stream] of [
      [main, 'cam-001', 'main'],
      [sub, 'cam-001', 'sub'],
      [other, 'cam-003', 'main'],
    ] as const) {
      expect(new Set(watcher.marks.map(mark => `${mark.camera}/${mark.stream}`))).toEqual(
        new Set([`${camera}/${stream}`]),
      )
      expect(holes(watcher.numbers)).toEqual([])
      expect(
        holes(watcher.sequences.map((sequence, i, all) => sequence + (sequence < all[0]! && i > 0 ? 65_536 : 0))),
      ).toEqual([])
      const steps = watcher.timestamps.slice(1).map((timestamp, i) => (timestamp - watcher.timestamps[i]!) >>> 0)
      expect(new Set(steps)).toEqual(new Set([1_800]))
      // The parameter sets come first: nothing was sent before the key frame.
      expect(watcher.parameterSets.length).toBeGreaterThanOrEqual(2)
    }
    expect(main.bytes).toBeGreaterThan(sub.bytes)
  })

  it('send the same frames to all viewers, and number them on while nobody watches', async () => {
    await start()
    const first = await watch('cam-001/main')
    const second = await watch('cam-001/main')
    await first.frames(30)
    await second.frames(20)
    const shared = first.numbers.filter(number => second.numbers.includes(number))
    expect(shared.length).toBeGreaterThan(10)
    const before = first.marks.at(-1)!
    first.close()
    second.close()
    await wait(500)
    const third = await watch('cam-001/main')
    await third.frames(5)
    const after = third.marks[0]!
    const passed = ((after.wall - before.wall) * 50) / 1_000
    expect(Math.abs(after.number - before.number - passed)).toBeLessThan(10)
    expect(third.marks[0]!.run).toBe(before.run)
  })

  it('account for every frame that they sent', async () => {
    await start()
    const watcher = await watch('cam-002/main')
    await watcher.frames(40)
    watcher.close()
    await wait(100)
    const { streams, frames, viewers } = cameras.statistics()
    const [session] = streams.find(({ camera, stream }) => camera === 'cam-002' && stream === 'main')!.sessions
    expect(viewers).toBe(0)
    expect(session!.ranges).toHaveLength(1)
    const [range] = session!.ranges
    expect(range!.first).toBe(watcher.numbers[0])
    expect(range!.last).toBeGreaterThanOrEqual(watcher.numbers.at(-1)!)
    expect(session!.frames).toBe(range!.last - range!.first + 1)
    expect(frames).toBe(session!.frames)
    expect(session!.ended).not.toBeNull()
  })

  it('close the connection of a viewer that does not read, and say how much did not go out', async () => {
    await start({ main: 100e6 })
    const watcher = await watch('cam-001/main')
    await watcher.frames(1)
    watcher.client.socket.pause()
    await watcher.until(() => cameras.statistics().viewers === 0)
    const [session] = cameras.statistics().streams[0]!.sessions
    expect(session!.unsent).toBeGreaterThan(8 * 1024 * 1024)
  })

  it.each(['now', 'idr'] as const)('let viewers begin as told: %s', async join => {
    await start({ join, gop: 200 })
    await wait(200)
    const watcher = await watch('cam-001/main')
    await watcher.frames(3)
    const [session] = cameras.statistics().streams[0]!.sessions
    expect(watcher.marks[0]!.wall - session!.started).toBeLessThan(2_000)
    expect(watcher.parameterSets).toHaveLength(join === 'idr' ? 1 : 0)
  })

  it('answer 404 for cameras that there are not', async () => {
    await start()
    for (const path of ['cam-004/main', 'cam-001/third', 'cam-001', '']) {
      const client = new RtspClient(`${cameras.url}/${path}`)
      open.push({ close: () => client.socket.destroy() })
      expect((await client.ask('DESCRIBE')).status, path).toBe(404)
    }
  })

  it('refuse faults for cameras that there are not, and options that cannot be', async () => {
    await start()
    expect(() => fault('cam-009:drop')).toThrow('no virtual camera is named cam-009')
    for (const [options, message] of [
      [{ count: 0 }, '0 cameras'],
      [{ prefix: 'a/b' }, 'camera ids'],
      [{ gop: 1 }, 'every 1 frames'],
      [{ fps: 0 }, '0 frames a second'],
      [{ main: 5 }, 'bit rate'],
    ] as const) {
      expect(() => new VirtualCameras(options)).toThrow(message)
    }
  })
})

describe('faults', () => {
  it('freeze: the connection stays, frames are left out', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    await watcher.frames(10)
    fault('cam-001:freeze@/500ms')
    await wait(600)
    const count = watcher.marks.length
    await watcher.frames(count + 10)
    const [hole, ...more] = holes(watcher.numbers)
    expect(more).toEqual([])
    expect(hole![1] - hole![0] - 1).toBeGreaterThanOrEqual(20)
    expect(hole![1] - hole![0] - 1).toBeLessThanOrEqual(60)
    expect(watcher.client.socket.destroyed).toBe(false)
    // What was sent is known: two ranges with the hole between them.
    const sent = cameras.statistics().streams.find(({ camera }) => camera === 'cam-001')!.sessions[0]!
    expect(sent.ranges).toHaveLength(2)
    expect([sent.ranges[0]!.last, sent.ranges[1]!.first]).toEqual(hole)
  })

  it('drop: viewers lose their connection and may come back at once', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    const other = await watch('cam-002/main')
    await watcher.frames(5)
    fault('cam-001:drop')
    await watcher.client.closed
    const again = await watch('cam-001/main')
    await again.frames(5)
    expect(again.numbers[0]).toBeGreaterThan(watcher.numbers.at(-1)!)
    expect(again.ssrc).not.toBe(watcher.ssrc)
    expect(other.client.socket.destroyed).toBe(false)
  })

  it('reboot: dropped, refused for a while, back with the numbers going on', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    await watcher.frames(5)
    fault('cam-001:reboot@/400ms')
    await watcher.client.closed
    await expect(watchMarks(`${cameras.url}/cam-001/main`)).rejects.toThrow('connection closed')
    await wait(500)
    const again = await watch('cam-001/main')
    await again.frames(5)
    expect(again.numbers[0]! - watcher.numbers.at(-1)!).toBeGreaterThanOrEqual(20)
    expect(again.marks[0]!.run).toBe(watcher.marks[0]!.run)
  })

  it('refuse: those who watch go on, new ones are reset; an open connection is told 503', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    const early = new RtspClient(`${cameras.url}/cam-001/main`)
    open.push({ close: () => early.socket.destroy() })
    await early.ask('OPTIONS')
    fault('cam-001:refuse')
    await expect(watchMarks(`${cameras.url}/cam-001/main`)).rejects.toThrow('connection closed')
    expect((await early.ask('DESCRIBE')).status).toBe(503)
    const count = watcher.marks.length
    await watcher.frames(count + 10)
    cameras.clear('cam-001')
    await (await watch('cam-001/main')).frames(3)
  })

  it('answer: requests get the status, until it is cleared', async () => {
    await start()
    fault('cam-001/sub:answer=453')
    const client = new RtspClient(`${cameras.url}/cam-001/sub`)
    open.push({ close: () => client.socket.destroy() })
    expect((await client.ask('DESCRIBE')).status).toBe(453)
    cameras.clear('*')
    expect((await client.ask('DESCRIBE')).status).toBe(200)
  })

  it('garbage: random bytes stand between the packets', async () => {
    await start()
    const raw: Buffer[] = []
    const client = new RtspClient(`${cameras.url}/cam-001/main`)
    open.push({ close: () => client.socket.destroy() })
    await client.play()
    client.socket.removeAllListeners('data')
    client.socket.on('data', chunk => raw.push(chunk))
    await wait(300)
    expect(brokenFraming(Buffer.concat(raw.splice(0)))).toBe(false)
    fault('cam-001:garbage@/200ms')
    await wait(300)
    expect(brokenFraming(Buffer.concat(raw))).toBe(true)
  })

  it('clock: sender reports are wrong by the offset', async () => {
    await start()
    fault('cam-001:clock=+1h')
    const [wrong, right] = await Promise.all([watch('cam-001/main'), watch('cam-002/main')])
    const wall = async (watcher: MarkWatcher) => {
      await watcher.until(() => watcher.reports.length > 0)
      const report = watcher.reports[0]!
      const packet = parseRtcp(report, 0, report.length).find(packet => packet.type === 'sender-report')
      return packet!.wall!
    }
    const [ahead, level] = await Promise.all([wall(wrong), wall(right)])
    const minutes = (ahead - level) / 60_000
    expect(minutes).toBeGreaterThan(59.9)
    expect(minutes).toBeLessThan(60.1)
    expect(Math.abs(level - Date.now())).toBeLessThan(5_000)
  })

  it('parameters: another SPS in band, and back, with no number missing', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    await watcher.frames(5)
    fault('cam-001:parameters@/300ms')
    const sets = watcher.parameterSets
    await watcher.until(() => sets.at(-1) !== sets[0])
    await watcher.until(() => sets.at(-1) === sets[0])
    expect(new Set(sets).size).toBe(2)
    expect(holes(watcher.numbers)).toEqual([])
  })

  it('lose: packets are missing, sequence numbers tell, and the camera knows which frames were not whole', async () => {
    await start({ main: 4e6 })
    const watcher = await watch('cam-001/main')
    await watcher.frames(5)
    fault('cam-001:lose=20%@/1s')
    await wait(1_100)
    const lost = watcher.sequences
      .slice(1)
      .reduce((sum, sequence, i) => sum + ((sequence - watcher.sequences[i]! - 1) & 0xffff), 0)
    expect(lost).toBeGreaterThan(40)
    const sent = cameras.statistics().streams.find(({ camera }) => camera === 'cam-001')!.sessions[0]!
    expect(sent.cut).toBeGreaterThan(20)
    expect(sent.cut).toBeLessThanOrEqual(51)
  })

  it('jitter: frames come late, but all of them and in order', async () => {
    await start()
    const watcher = await watch('cam-001/main')
    await watcher.frames(5)
    fault('cam-001:jitter=100ms@/1s')
    await wait(1_200)
    expect(holes(watcher.numbers)).toEqual([])
    const waits = watcher.marks.slice(1).map((mark, i) => mark.wall - watcher.marks[i]!.wall)
    expect(Math.max(...waits)).toBeGreaterThan(35)
  })

  it('come by schedule, among the same frames however busy the machine is', async () => {
    await start({ faults: [parseFault('cam-001:freeze@610ms/300ms,every=1s')] })
    const watcher = await watch('cam-001/main')
    const reached = (number: number) => watcher.until(() => watcher.numbers.at(-1)! >= number)
    // Nothing runs here while the first begins, nor while the second ends.
    await reached(28)
    block(100)
    await reached(80)
    await wait(250)
    block(150)
    await watcher.until(() => holes(watcher.numbers).length === 2)
    // A frame is due each 20 ms.
    expect(holes(watcher.numbers)).toEqual([
      [30, 46],
      [80, 96],
    ])
  })
})

/** Keeps this process from doing anything else. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Whether the bytes cannot be whole interleaved packets from the first `$` on. */
function brokenFraming(bytes: Buffer): boolean {
  let at = bytes.indexOf(0x24)
  // The first chunk may begin anywhere: go on from where five packets follow each other.
  for (; at >= 0; at = bytes.indexOf(0x24, at + 1)) {
    let next = at
    let count = 0
    while (count < 5 && next + 4 <= bytes.length && bytes[next] === 0x24) {
      next += 4 + bytes.readUInt16BE(next + 2)
      count++
    }
    if (count === 5) break
  }
  if (at < 0) return true
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0x24 || bytes[at + 1]! > 1) return true
    at += 4 + bytes.readUInt16BE(at + 2)
  }
  return false
}
