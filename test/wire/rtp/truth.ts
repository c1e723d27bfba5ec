import { expect } from 'vitest'
import { buildAudioSpecificConfig } from '../../../src/wire/audio/index.ts'
import { parseH264Sps } from '../../../src/wire/h264/index.ts'
import { parseH265Sps } from '../../../src/wire/h265/index.ts'
import { createDepacketizer, DecodeTimes, TimestampUnwrapper } from '../../../src/wire/rtp/index.ts'
import type { Codec, CodecParameters } from '../../../src/wire/track.ts'
import { hash, type Truth } from '../../support/rtp-recipes.ts'
import { Collector, feed, nalsOf, track } from './support.ts'

/** Depacketises a capture and compares every byte, time and key flag with what ffmpeg says of the stream. */
export function expectTruth(codec: Codec, packets: readonly Buffer[], truth: Truth): void {
  const sink = new Collector()
  const video = codec === 'h264' || codec === 'h265'
  const config = buildAudioSpecificConfig(16_000, 1)
  const aac: CodecParameters = { codec: 'aac', config, sampleRate: 16_000, channels: 1 }
  const clockRate = video ? 90_000 : codec === 'aac' ? 16_000 : 8_000
  const depacketizer = createDepacketizer(track(codec, { clockRate }), codec === 'aac' ? aac : undefined, sink)
  feed(depacketizer, packets)
  depacketizer.flush()
  expect(sink.damages).toEqual([])
  const times = new TimestampUnwrapper(clockRate)
  const pts = sink.units.map((unit, index) => times.unwrap(unit.timestamp, index * 40))
  if (!video) {
    if (codec !== 'aac') return expect(hash(Buffer.concat(sink.units.map(unit => unit.bytes)))).toBe(truth.whole)
    // ffmpeg forgets the frames that do not fill a packet at the end.
    const count = sink.units.length
    expect(count).toBeGreaterThan(truth.hashes.length / 2)
    expect(sink.units.map(unit => hash(unit.bytes))).toEqual(truth.hashes.slice(0, count))
    expect(pts).toEqual(truth.pts.slice(0, count))
    return
  }
  expect(sink.units.flatMap(unit => nalsOf(unit.bytes)).map(nal => hash(Buffer.from(nal, 'hex')))).toEqual(truth.hashes)
  expect(pts).toEqual(truth.pts)
  expect(sink.units.map(unit => unit.key)).toEqual(truth.keys)
  expect(sink.units.flatMap((unit, index) => (unit.parameters ? [index] : []))).toEqual([0])
  const first = sink.units[0]!.parameters!
  const sps = 'sps' in first ? (codec === 'h264' ? parseH264Sps(first.sps) : parseH265Sps(first.sps)) : undefined
  expect(sps).toMatchObject({ width: truth.width, height: truth.height, fps: 25, reorderFrames: truth.reorder })
  const decode = new DecodeTimes(sps?.reorderFrames, 3_600)
  expect(pts.map(time => decode.push(time))).toEqual(truth.dts)
}
