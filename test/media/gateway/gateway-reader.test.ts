import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { GatewayReader } from '../../../src/media/gateway/gateway-reader.ts'
import { SendBuffer } from '../../../src/media/rtsp-server/index.ts'
import { parseRtcp } from '../../../src/wire/rtp/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { mediaSession, SentSession, TestCamera, VIDEO } from './support.ts'

const MB = 1024 * 1024

function setUp(tracks?: boolean[], cold = false) {
  const clock = new FakeClock()
  const camera = new TestCamera()
  const session = new SentSession(tracks)
  const counts = { bytes: 0, dropped: 0, stopped: 0 }
  const reader = new GatewayReader({
    hub: camera.hub,
    session,
    described: mediaSession(),
    cold,
    buffer: new SendBuffer(),
    clock,
    log: silentLogger,
    random: () => 0.9999,
    totals: counts,
    onStop: () => {
      counts.stopped++
    },
  })
  return { clock, camera, session, reader, counts }
}

/** Counts 0 to n - 1, from `first`. */
const range = (first: number, n: number) => Array.from({ length: n }, (_, i) => first + i)

describe('MediaMTX, for which a stream starts', () => {
  it('gets nothing until its first viewer can have joined it, and the whole group then', () => {
    const { camera, session, reader, clock } = setUp(undefined, true)
    reader.start()
    expect(camera.hub.readers).toBe(1)
    camera.begin()
    camera.video(3)
    clock.advance(149)
    expect(session.packets).toEqual([])
    clock.advance(1)
    expect(session.numbers).toEqual(range(0, 3))
    expect(camera.hub.readers).toBe(1)
    camera.video(2)
    expect(session.numbers).toEqual(range(0, 5))
  })

  it('is sent away after 10 s without a picture, and may leave before anything comes', () => {
    const { camera, session, reader, clock, counts } = setUp(undefined, true)
    reader.start()
    clock.advance(10_000)
    expect(session.closed).toContain('camera down')
    expect(counts.stopped).toBe(1)
    const other = setUp(undefined, true)
    other.reader.start()
    other.reader.stop()
    expect([camera.hub.readers, other.camera.hub.readers, other.clock.delays]).toEqual([0, 0, []])
  })
})

describe('a reader that joins', () => {
  it('gets the group of pictures at once, parameter sets first', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    camera.video(17)
    reader.start()
    expect(session.numbers).toEqual(range(10, 7))
    // STAP-A with the sets, then the IDR picture.
    expect(session.packets[0]!.payload[0]! & 31).toBe(24)
    camera.video(2)
    expect(session.numbers).toEqual(range(10, 9))
  })

  it('begins with the sequence number and time that PLAY told it, and counts on over both wraps', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    camera.video(1_200)
    reader.start()
    camera.video(300)
    const [first] = session.packets
    expect(reader.starts[0]).toEqual({ sequence: first?.sequence, timestamp: first?.timestamp })
    session.packets.forEach((packet, index) => {
      expect(packet.sequence).toBe((first!.sequence + index) % 65_536)
      expect(packet.ssrc).toBe(100)
      expect(packet.payloadType).toBe(96)
    })
    const times = session.packets.filter(({ payload }) => payload[0] === 0x41).map(({ timestamp }) => timestamp)
    times.slice(1).forEach((time, index) => {
      expect([3_600, 7_200]).toContain((time - times[index]! + 2 ** 32) % 2 ** 32)
    })
    expect(session.packets.at(-1)!.sequence).toBeLessThan(first!.sequence)
    expect(session.packets.at(-1)!.timestamp).toBeLessThan(first!.timestamp)
  })

  it('waits for a key frame of a stream that begins, and sends no sound before it', () => {
    const { camera, session, reader } = setUp()
    reader.start()
    camera.begin()
    camera.audio()
    expect(session.packets).toEqual([])
    camera.video(1)
    camera.audio()
    expect(session.packets.map(({ channel }) => channel)).toEqual([0, 0, 2])
  })

  it('gets only the tracks that it set up; sound alone waits for no picture', () => {
    const { camera, session, reader } = setUp([false, true])
    reader.start()
    camera.begin()
    camera.audio()
    camera.video(2)
    expect(session.packets.map(({ channel }) => channel)).toEqual([2])
  })
})

describe('a reader that is slow', () => {
  it('loses ends of groups, is counted, and goes on with a key frame', () => {
    const { camera, session, reader, counts } = setUp()
    camera.begin()
    reader.start()
    camera.video(5)
    session.pending = 3 * MB
    camera.video(10)
    camera.audio()
    session.pending = 0
    camera.video(10)
    expect(session.numbers).toEqual([...range(0, 5), ...range(20, 5)])
    expect(counts.dropped).toBe(16)
    const sequences = session.packets.map(({ sequence }) => sequence)
    expect(new Set(sequences).size).toBe(sequences.length)
  })

  it('does not go on before half of the backlog is gone', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    camera.video(5)
    session.pending = 3 * MB
    camera.video(5)
    session.pending = 1.5 * MB
    camera.video(10)
    expect(session.numbers).toEqual(range(0, 5))
    session.pending = 0.9 * MB
    camera.video(10)
    expect(session.numbers).toEqual([...range(0, 5), ...range(20, 10)])
  })

  it('may have two seconds of a large stream on its way', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    camera.video(200, 100_000)
    session.pending = 4 * MB
    camera.video(10, 100_000)
    expect(session.numbers).toEqual(range(0, 210))
    session.pending = 6 * MB
    camera.video(10, 100_000)
    expect(session.numbers).toEqual(range(0, 210))
  })

  it('holds no frame', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    session.pending = 3 * MB
    camera.video(100, 100_000)
    reader.stop()
    camera.hub.end('over')
    // The slab that is being written, and no other.
    expect(camera.pool.used).toBe(256 * 1024)
  })
})

describe('when the camera goes', () => {
  it('goes on with the next session, times and sequence numbers running on', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    camera.video(3)
    camera.hub.end('connection lost')
    camera.wall += 5_000 - 40
    camera.begin(mediaSession({ id: 's2', reason: 'reconnect' }))
    camera.video(2)
    expect(session.numbers).toEqual([0, 1, 2, 0, 1])
    const [before, after] = [session.packets[3]!, session.packets[4]!]
    expect((after.timestamp - before.timestamp + 2 ** 32) % 2 ** 32).toBe(5 * 90_000)
    expect(after.sequence).toBe((before.sequence + 1) % 65_536)
    expect(session.closed).toBeUndefined()
  })

  it('keeps sound and picture together over a reconnect', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    camera.video(3)
    camera.hub.end('connection lost')
    camera.wall += 960
    camera.begin(mediaSession({ id: 's2', reason: 'reconnect' }))
    camera.video(11)
    camera.audio()
    const video = session.packets.findLast(({ channel }) => channel === 0)!
    const audio = session.packets.findLast(({ channel }) => channel === 2)!
    const since = (packet: typeof video, track: number) =>
      (packet.timestamp - reader.starts[track]!.timestamp + 2 ** 32) % 2 ** 32
    expect(since(audio, 1) / 8_000).toBeCloseTo(since(video, 0) / 90_000, 3)
  })

  it('sends new parameter sets in band', () => {
    const { camera, session, reader } = setUp()
    camera.begin()
    reader.start()
    camera.video(10)
    const pps = Buffer.from('68ee3c80', 'hex')
    const changed = {
      ...VIDEO,
      parameters: { codec: 'h264', sps: Buffer.from('674d0028', 'hex'), pps: [pps] },
    } as const
    camera.begin(mediaSession({ tracks: [changed, mediaSession().tracks[1]!], reason: 'parameters' }))
    camera.video(1)
    const sets = session.packets.findLast(({ payload }) => (payload[0]! & 31) === 24)!
    expect(sets.payload.includes(pps)).toBe(true)
    expect(session.closed).toBeUndefined()
  })

  it('says goodbye when the codec changes', () => {
    const { camera, session, reader, counts } = setUp()
    camera.begin()
    reader.start()
    camera.video(1)
    const other = { ...VIDEO, source: { ...VIDEO.source, codec: 'h265', encodingName: 'H265' } } as const
    camera.begin(mediaSession({ tracks: [other, mediaSession().tracks[1]!], reason: 'parameters' }))
    expect(session.closed).toBe('the stream has changed')
    expect(counts.stopped).toBe(1)
    expect(camera.hub.readers).toBe(0)
    expect(session.control.map(packet => parseRtcp(packet).map(({ type }) => type))).toEqual(
      Array(2).fill(['receiver-report', 'source-description', 'goodbye']),
    )
  })

  it('says goodbye at once when the stream has changed since DESCRIBE', () => {
    const { camera, session, reader } = setUp()
    camera.begin(mediaSession({ tracks: [VIDEO] }))
    reader.start()
    expect(session.closed).toBe('the stream has changed')
    expect(camera.hub.readers).toBe(0)
  })

  it('waits 30 s, then ends', () => {
    const { camera, session, reader, clock } = setUp()
    camera.begin()
    reader.start()
    clock.advance(60_000)
    camera.hub.end('refused')
    camera.hub.trouble = 'refused'
    clock.advance(29_000)
    expect(session.closed).toBeUndefined()
    camera.begin()
    clock.advance(60_000)
    camera.hub.end('refused')
    camera.hub.trouble = 'refused'
    clock.advance(30_000)
    expect(session.closed).toBe('camera down: refused')
    expect(camera.hub.readers).toBe(0)
    expect(clock.delays).toEqual([])
  })
})

describe('sender reports', () => {
  it('ties the time of a frame to the clock, the same for all tracks', () => {
    const { camera, reader } = setUp()
    expect(reader.report(0)).toBeUndefined()
    camera.begin()
    reader.start()
    camera.video(26)
    camera.audio()
    const [video, audio] = [reader.report(0)!, reader.report(1)!]
    const since = (timestamp: number, track: number) =>
      (timestamp - reader.starts[track]!.timestamp + 2 ** 32) % 2 ** 32
    expect(since(video.timestamp, 0)).toBe(90_000)
    expect(since(audio.timestamp, 1)).toBe(8_000)
    expect(video.wall).toBe(audio.wall)
    // A packet for each frame, and the parameter sets of three key frames.
    expect(video.packets).toBe(29)
    expect(audio).toMatchObject({ packets: 1, octets: 160 })
  })
})
