import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readVideoClip } from '../../../src/media/virtual/clip.ts'
import { findMark } from '../../../src/media/virtual/frame-mark.ts'
import { closedLoop } from '../../../src/media/virtual/loop.ts'
import { videoFeed } from '../../../src/media/virtual/video-feed.ts'
import { emptyRtpHeader, parseRtpHeader } from '../../../src/wire/rtp/index.ts'

const CLIPS = new URL('../../../templates/clips/', import.meta.url).pathname

async function feedOf(name: string, gop: number, bitrate: number, fps = 25) {
  const clip = await readVideoClip(join(CLIPS, `${name}.mp4`))
  return videoFeed(clip.parameters, closedLoop(clip, gop), { bitrate, fps, parameterSets: 'both' })
}

/** RTP headers of all packets in a buffer of interleaved ones. */
function packetsOf(bytes: Buffer) {
  const packets = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2)
    const header = emptyRtpHeader()
    expect(parseRtpHeader(bytes, at + 4, end, header)).toBe(true)
    packets.push({ ...header, channel: bytes[at + 1] })
    at = end
  }
  return packets
}

describe('video feed', () => {
  it.each([
    ['h264-720p', 50, 4e6, 25],
    ['h264-720p-b', 50, 4e6, 25],
    ['h265-720p', 25, 2e6, 12.5],
    ['h265-720p-b', 38, 8e6, 30],
    ['h264-360p', 2, 1e6, 25],
    ['h264-360p', 250, 512e3, 25],
  ])('of %s with %i frames meets its bit rate', async (name, gop, bitrate, fps) => {
    const feed = await feedOf(name, gop, bitrate, fps)
    expect(feed.frames).toHaveLength(gop)
    expect(Math.abs(feed.bitrate / bitrate - 1)).toBeLessThan(0.001)
    // On the wire there are headers too: 16 bytes for each packet of 1,400.
    const wire = (feed.frames.reduce((sum, frame) => sum + frame.length, 0) * 8 * fps) / gop
    expect(wire / bitrate).toBeGreaterThan(1)
    expect(wire / bitrate).toBeLessThan(1.03)
  })

  it('says so when the clip alone has more than is asked', async () => {
    expect((await feedOf('h265-720p', 2, 10_000)).bitrate).toBeGreaterThan(10_000)
  })

  it('has key frames of a realistic size', async () => {
    const { frames } = await feedOf('h264-720p', 50, 4e6)
    expect(frames[0]!.length / frames[1]!.length).toBeCloseTo(6, 0)
  })

  it('numbers and marks the shared packets anew for each viewer', async () => {
    const { frames } = await feedOf('h264-720p', 25, 4e6)
    const frame = frames[0]!
    const owner = Buffer.from(`${'cam-007'.padEnd(32)}s00c0ffee`)
    for (const [channel, sequence, timestamp, ssrc] of [
      [2, 65_530, 4_000_000_000, 0xdeadbeef],
      [0, 1, 0, 1],
    ] as const) {
      frame.mark(owner, 12_345, 1_795_461_849_076)
      const bytes = frame.address(channel, sequence, timestamp, ssrc)
      const packets = packetsOf(bytes)
      expect(packets).toHaveLength(frame.packets)
      for (const [i, packet] of packets.entries()) {
        expect(packet).toMatchObject({ channel, sequence: (sequence + i) & 0xffff, timestamp, ssrc, payloadType: 96 })
        expect(packet.marker).toBe(i === packets.length - 1)
      }
      expect(findMark(bytes)).toEqual({
        camera: 'cam-007',
        stream: 'sub',
        run: '00c0ffee',
        number: 12_345,
        wall: 1_795_461_849_076,
      })
    }
  })

  it('leaves a buffer alone that it surrendered', async () => {
    const [frame] = (await feedOf('h264-360p', 25, 1e6)).frames
    const kept = frame!.address(0, 1, 1, 1)
    frame!.surrender()
    const before = Buffer.from(kept)
    const next = frame!.address(0, 2, 2, 2)
    expect(kept).toEqual(before)
    expect(packetsOf(next)[0]).toMatchObject({ sequence: 2, timestamp: 2, ssrc: 2 })
  })

  it('can leave parameter sets to the SDP, or to the stream', async () => {
    const clip = await readVideoClip(join(CLIPS, 'h264-360p.mp4'))
    const loop = closedLoop(clip, 10)
    const make = (parameterSets: 'both' | 'sdp' | 'in-band') =>
      videoFeed(clip.parameters, loop, { bitrate: 1e6, fps: 25, parameterSets })
    const holds = (feed: ReturnType<typeof make>) =>
      feed.frames[0]!.address(0, 0, 0, 0).includes(Buffer.from(clip.parameters.sps))
    expect([holds(make('both')), holds(make('sdp')), holds(make('in-band'))]).toEqual([true, false, true])
    expect(make('in-band').described.parameters).toBeUndefined()
    expect(make('sdp').described.parameters).toBe(clip.parameters)
    expect(make('sdp').bitrate).toBeCloseTo(1e6, -3)
  })
})
