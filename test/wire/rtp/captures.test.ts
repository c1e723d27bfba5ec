import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDepacketizer } from '../../../src/wire/rtp/index.ts'
import { readCapture } from '../../support/rtp-capture.ts'
import { RECIPES, type Truth } from '../../support/rtp-recipes.ts'
import { Collector, feed, nalsOf, track } from './support.ts'
import { expectTruth } from './truth.ts'

const stored = (name: string, suffix: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures', `ffmpeg-${name}.${suffix}`))

/** A small generator of pseudo-random numbers, so that a failure can be met again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('stored captures of ffmpeg', () => {
  it.each(RECIPES)('$name: every byte, time and key flag', recipe => {
    const truth = JSON.parse(stored(recipe.name, 'json').toString()) as Truth
    expectTruth(recipe.codec, readCapture(stored(recipe.name, 'rtp')), truth)
  })

  const video = RECIPES.filter(({ codec }) => codec === 'h264' || codec === 'h265')

  it.each(video)('$name: a lost packet costs its access unit and nothing else', recipe => {
    const packets = readCapture(stored(recipe.name, 'rtp'))
    const whole = new Collector()
    feed(createDepacketizer(track(recipe.codec), undefined, whole), packets)
    const known = new Map(whole.units.map(unit => [unit.timestamp, nalsOf(unit.bytes)]))
    for (let missing = 1; missing < packets.length - 1; missing++) {
      const sink = new Collector()
      feed(createDepacketizer(track(recipe.codec), undefined, sink), packets.toSpliced(missing, 1))
      // Nothing comes out that was not put in, unless the packet held only what stands in front of a picture (SEI, sets).
      const gone = packets[missing]!.readUInt32BE(4)
      for (const unit of sink.units) {
        const nals = known.get(unit.timestamp)!
        if (unit.timestamp !== gone) expect(nalsOf(unit.bytes)).toEqual(nals)
        else expect(slicesOf(recipe.codec, nalsOf(unit.bytes))).toEqual(slicesOf(recipe.codec, nals))
      }
      expect(sink.units.length).toBeGreaterThanOrEqual(whole.units.length - 1)
      // A picture that was in this packet alone is gone without a trace here; the sequence numbers tell of it.
      const alone = packets.filter(packet => packet.readUInt32BE(4) === gone).length === 1
      expect(sink.units.length + sink.damages.length + (alone ? 1 : 0)).toBe(whole.units.length)
    }
  })

  it.each(RECIPES)('$name: any damage to the bytes is survived', recipe => {
    const packets = readCapture(stored(recipe.name, 'rtp'))
    const random = seeded(7)
    for (let round = 0; round < 150; round++) {
      const sink = new Collector()
      const depacketizer = createDepacketizer(track(recipe.codec), undefined, sink)
      const mutated = packets.map(packet => {
        if (random() > 0.2) return packet
        const copy = Buffer.from(packet.subarray(0, 12 + Math.ceil(random() * (packet.length - 12))))
        for (let i = 0; i < 3; i++) copy[12 + Math.floor(random() * Math.min(40, copy.length - 12))] = random() * 256
        return copy
      })
      feed(depacketizer, mutated)
      depacketizer.flush()
      // Whatever it was, the lengths in front of the NAL units fit.
      if (recipe.codec === 'h264' || recipe.codec === 'h265') {
        for (const { bytes } of sink.units) {
          expect(nalsOf(bytes).reduce((sum, nal) => sum + 4 + nal.length / 2, 0)).toBe(bytes.length)
        }
      }
    }
  })
})

function slicesOf(codec: string, nals: readonly string[]): string[] {
  return nals.filter(nal => {
    const header = Number.parseInt(nal.slice(0, 2), 16)
    return codec === 'h264' ? (header & 0x1f) <= 5 : header >> 1 < 32
  })
}
