import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { exportCamera } from '../../../src/recording/export/export-camera.ts'
import type { EncodedTrack } from '../../support/encoded-media.ts'
import { AAC, H264, H265, PCMU } from '../../wire/mp4/support.ts'
import { madeTrack, readClip, START, TestArchive } from './support.ts'

let archive: TestArchive
const fresh = () => {
  archive?.[Symbol.dispose]()
  archive = new TestArchive()
  return archive
}
afterEach(() => archive?.[Symbol.dispose]())

const TICKS = 3_600
const VIDEO = { timescale: 90_000, parameters: H264 }

/** How far behind its decoding each frame of a group is shown, in frames: I P B B P B B ... */
const B_FRAMES = [2, 4, 1, 1]
const NO_B_FRAMES = [0]

/** Pictures of 40 ms; a key frame at each multiple of `group`. */
function pictures(count: number, seed: number, shape: readonly number[], group = 25, like = VIDEO): EncodedTrack {
  const frames = Array.from({ length: count }, (_, number) => {
    const place = number % group
    const turn = place === 0 ? 0 : 1 + ((place - 1) % Math.max(1, shape.length - 1))
    const offset = shape[shape.length === 1 ? 0 : turn]!
    return { decodeTime: number * TICKS, compositionOffset: offset * TICKS, duration: TICKS, key: place === 0 }
  })
  return madeTrack(like, frames, seed, number => 20 + ((number * 7 + seed) % 50))
}

/** Packets of sound for so many seconds, the first `lag` ticks after the first picture. */
function sound(seconds: number, seed: number, aac: boolean, lag = 0): EncodedTrack {
  const [like, ticks] = aac
    ? [{ timescale: 48_000, parameters: AAC }, 1_024]
    : [{ timescale: 8_000, parameters: PCMU }, 160]
  const count = Math.floor((seconds * like.timescale) / ticks)
  const frames = Array.from({ length: count }, (_, number) => ({
    decodeTime: lag + number * ticks,
    compositionOffset: 0,
    duration: ticks,
    key: true,
  }))
  return madeTrack(like, frames, seed, number => 12 + (number % 5))
}

/** Seconds from START at which a picture of a segment is shown: its first at the segment's own time. */
const shownAt = (track: EncodedTrack, number: number, at: number) => {
  const time = (unit: EncodedTrack['units'][number]) => unit.decodeTime + unit.compositionOffset
  return at / 1_000 + (time(track.units[number]!) - time(track.units[0]!)) / track.timescale
}

describe('the samples of a clip', () => {
  it('are those of the span, whatever the segments, the span and the sound', async () => {
    const segmentOf = fc.record({
      seconds: fc.integer({ min: 1, max: 4 }),
      gap: fc.constantFrom(0, 0, 0, 2_000),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(segmentOf, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom('aac', 'pcmu', 'none'),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.boolean(),
        async (plans, bFrames, audio, begin, share, keepGaps) => {
          const made: { video: EncodedTrack; sound: EncodedTrack | undefined; at: number }[] = []
          fresh()
          let at = 0
          let [session, number, mediaTime] = [0, 0, 0]
          for (const [index, { seconds, gap }] of plans.entries()) {
            if (gap > 0) [session, number, mediaTime, at] = [session + 1, 0, 0, at + gap]
            const video = pictures(seconds * 25, index * 2 + 1, bFrames ? B_FRAMES : NO_B_FRAMES)
            const heard = audio === 'none' ? undefined : sound(seconds, index * 2 + 2, audio === 'aac')
            const tracks = heard ? [video, heard] : [video]
            archive.add({ tracks, at, session: `s${session}`, number, mediaTime })
            made.push({ video, sound: heard, at })
            at += seconds * 1_000
            number++
            mediaTime += seconds * 90_000
          }
          const from = Math.round(begin * at)
          const to = from + Math.max(60, Math.round(share * (at - from)))
          const wanted = made.flatMap(({ video, at }) =>
            video.units.map((unit, index) => ({ unit, shown: shownAt(video, index, at) * 1_000 })),
          )
          const inSpan = wanted.filter(({ shown }) => shown < to - 0.01 && shown + 40 > from + 0.01)
          const result = exportCamera(archive.request(from, to, { keepGaps }), archive.context())
          if (inSpan.length === 0) {
            await expect(result).rejects.toMatchObject({ code: 'VMS_E_NO_FOOTAGE' })
            return
          }
          const exported = await result
          const [video, heard] = await readClip(exported.files[0]!.path)
          // Every frame of the span is in it, with what it takes to decode it; all in the order of the source.
          const all = wanted.map(({ unit }) => unit.bytes.toString('hex'))
          const got = video!.bytes.map(bytes => bytes.toString('hex'))
          const first = all.indexOf(got[0]!)
          const last = all.indexOf(got.at(-1)!)
          expect(got).toEqual(all.slice(first, last + 1))
          for (const { unit } of inSpan) expect(got).toContain(unit.bytes.toString('hex'))
          expect(wanted[first]!.unit.key).toBe(true)
          const chosen = wanted.slice(first, last + 1)
          expect(video!.samples.map(({ key }) => key)).toEqual(chosen.map(({ unit }) => unit.key))
          expect(video!.samples.map(({ pts, dts }) => pts - dts)).toEqual(
            chosen.map(({ unit }) => unit.compositionOffset),
          )
          // No group more than is needed, and nothing shown that is not asked for.
          const groups = chosen.filter(({ unit, shown }) => unit.key && shown <= from + 0.01)
          expect(groups.length).toBeLessThanOrEqual(1)
          expect(exported.frames).toBe(inSpan.length)
          // Times run on, but for gaps that are kept.
          for (let index = 1; index < chosen.length; index++) {
            const passed = video!.samples[index]!.dts - video!.samples[index - 1]!.dts
            const gap = chosen[index]!.shown - chosen[index - 1]!.shown > 1_000
            expect(passed).toBe(TICKS + (gap && keepGaps ? 180_000 : 0))
          }
          const within = exported.gaps.filter(gap => gap.from > exported.from && gap.to < exported.to)
          expect(within.length).toBe(
            chosen.filter(({ shown }, index) => index > 0 && shown - chosen[index - 1]!.shown > 1_000).length,
          )
          if (audio === 'none') return
          // The sound of a segment may end some milliseconds before its pictures.
          if (!heard) {
            expect(exported.frames).toBeLessThan(4)
            return
          }
          const allSound = made.flatMap(({ sound }) => sound!.units.map(unit => unit.bytes.toString('hex')))
          const gotSound = heard.bytes.map(bytes => bytes.toString('hex'))
          const start = allSound.indexOf(gotSound[0]!)
          expect(gotSound).toEqual(allSound.slice(start, start + gotSound.length))
        },
      ),
      { numRuns: 80 },
    )
  })

  it('keep picture and sound together over joints and gaps', async () => {
    fresh()
    const plans = [
      { at: 0, session: 'a', number: 0, mediaTime: 0 },
      { at: 2_007, session: 'a', number: 1, mediaTime: 180_000 },
      { at: 9_000, session: 'b', number: 0, mediaTime: 0 },
    ]
    for (const [index, plan] of plans.entries()) {
      archive.add({ ...plan, tracks: [pictures(50, index + 1, B_FRAMES), sound(2, index + 7, true, 4_800)] })
    }
    const { files, gaps } = await exportCamera(archive.request(0, 20_000), archive.context())
    const [video, heard] = await readClip(files[0]!.path)
    const firstOf = (seed: number, of: typeof video) => of!.bytes.findIndex(bytes => bytes.at(-1) === seed)
    for (const [index, at] of [0, 2, 9].entries()) {
      const picture = video!.samples[firstOf(index + 1, video)]!
      const packet = heard!.samples[firstOf(index + 7, heard)]!
      // Media time within a session: the jitter of 7 ms between arrivals is not in it.
      expect(picture.dts / 90_000).toBeCloseTo(at, 4)
      // The sound's own table begins with its first packet, a tenth of a second in.
      expect(packet.dts / 48_000).toBeCloseTo(at, 4)
    }
    expect(gaps.map(({ seconds }) => Math.round(seconds))).toEqual([5, 9])
  })

  it('are not said to be missing twice where the clock was set back', async () => {
    fresh()
    archive.add({ tracks: [pictures(50, 1, NO_B_FRAMES)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(50, 2, NO_B_FRAMES)], at: 1_000, session: 'b', number: 0 })
    const { files, gaps, frames } = await exportCamera(archive.request(0, 3_000), archive.context())
    const [video] = await readClip(files[0]!.path)
    expect(video!.samples.map(({ dts }) => dts)).toEqual(Array.from({ length: 100 }, (_, index) => index * TICKS))
    expect(frames).toBe(100)
    expect(gaps).toEqual([])
  })

  it('begin in an earlier segment where the one asked for has no key frame', async () => {
    fresh()
    const whole = pictures(100, 1, NO_B_FRAMES, 200)
    const cut = (from: number, to: number) => ({
      ...whole,
      units: whole.units.slice(from, to).map(unit => ({ ...unit, decodeTime: unit.decodeTime - from * TICKS })),
    })
    archive.add({ tracks: [cut(0, 50)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [cut(50, 100)], at: 2_000, session: 'a', number: 1, mediaTime: 50 * TICKS })
    const { files, frames, from } = await exportCamera(archive.request(3_010, 3_500), archive.context())
    const [video] = await readClip(files[0]!.path)
    expect(video!.bytes[0]).toEqual(whole.units[0]!.bytes)
    expect(video!.samples.length).toBe(88)
    expect([frames, from]).toEqual([13, new Date(START + 3_000).toISOString()])
  })

  it('lie so that a gap of a day plays: in a coarser time', async () => {
    fresh()
    archive.add({ tracks: [pictures(25, 1, NO_B_FRAMES), sound(1, 2, true)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(25, 3, NO_B_FRAMES), sound(1, 4, true)], at: 86_400_000, session: 'b', number: 0 })
    const { files, duration } = await exportCamera(archive.request(0, 90_000_000), archive.context())
    const tracks = await readClip(files[0]!.path)
    for (const { samples, timescale } of tracks) {
      const steps = samples.slice(1).map(({ dts }, index) => dts - samples[index]!.dts)
      expect(Math.max(...steps)).toBeLessThanOrEqual(0x7fffffff)
      expect(Math.max(...steps) / timescale).toBeCloseTo(86_399, 0)
    }
    expect(duration).toBeCloseTo(86_401, 2)
  })

  it('have several descriptions where the parameters change and the picture does not', async () => {
    fresh()
    const other = { ...H264, pps: [Buffer.from('68ce0fc9', 'hex')] } as typeof H264
    archive.add({ tracks: [pictures(25, 1, NO_B_FRAMES)], at: 0, session: 'a', number: 0 })
    archive.add({
      tracks: [pictures(25, 2, NO_B_FRAMES, 25, { ...VIDEO, parameters: other })],
      at: 1_000,
      session: 'b',
      number: 0,
    })
    archive.add({ tracks: [pictures(25, 3, NO_B_FRAMES)], at: 2_000, session: 'c', number: 0 })
    const { files, changes } = await exportCamera(archive.request(0, 3_000), archive.context())
    const [video] = await readClip(files[0]!.path)
    expect(video!.samples.length).toBe(75)
    expect(changes).toEqual(['2026-11-24T14:00:01.000Z', '2026-11-24T14:00:02.000Z'])
  })

  it('are refused, with the instant, where the codec changes', async () => {
    fresh()
    archive.add({ tracks: [pictures(25, 1, NO_B_FRAMES)], at: 0, session: 'a', number: 0 })
    const h265 = { ...VIDEO, parameters: H265 }
    archive.add({ tracks: [pictures(25, 2, NO_B_FRAMES, 25, h265)], at: 1_000, session: 'b', number: 0 })
    await expect(exportCamera(archive.request(0, 3_000), archive.context())).rejects.toMatchObject({
      code: 'VMS_E_MIXED_PARAMETERS',
      message: 'the picture of gate-1 (main) changes at 2026-11-24T15:00:01+01:00',
      hint: expect.stringContaining('--segments'),
    })
  })

  it('are refused where the sound changes, and taken without it', async () => {
    fresh()
    archive.add({ tracks: [pictures(25, 1, NO_B_FRAMES), sound(1, 2, true)], at: 0, session: 'a', number: 0 })
    archive.add({ tracks: [pictures(25, 3, NO_B_FRAMES), sound(1, 4, false)], at: 1_000, session: 'b', number: 0 })
    await expect(exportCamera(archive.request(0, 3_000), archive.context())).rejects.toMatchObject({
      code: 'VMS_E_MIXED_PARAMETERS',
      hint: expect.stringContaining('--no-audio'),
    })
    const { files } = await exportCamera(archive.request(0, 3_000, { audio: false }), archive.context())
    expect((await readClip(files[0]!.path)).map(({ samples }) => samples.length)).toEqual([50])
  })
})
