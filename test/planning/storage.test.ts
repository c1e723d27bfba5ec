import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/planning/maths/random.ts'
import { exact, product } from './rational.ts'
import { expectNear, expectSimulated, figure, figures } from './support.ts'

const one = ['days=1', 'cameras=1']

describe('storage (vectors S1 to S11)', () => {
  it('S1: a camera of 4 Mbps writes 43.2 GB a day', () => {
    const terabytes = figure('storage.volume', 'bitrate=4Mbps', 'hours=24', ...one)
    expectNear(terabytes * 1_000, 43.2)
    expectNear((terabytes * 1e12) / 2 ** 30, 40.233135)
    expectNear(terabytes, product(4, 1e6, 86_400).by(product(8, 1e12)).number(), 1e-14)
  })

  it('S2: 200 of them write 259.2 TB in 30 days', () => {
    const terabytes = figure('storage.volume', 'bitrate=4Mbps', 'hours=24', 'days=30', 'cameras=200')
    expectNear(terabytes, 259.2)
    expectNear((terabytes * 1e12) / 2 ** 40, 235.741027)
  })

  it("S3: Dahua's form counts 1024", () => {
    expectNear(figure('storage.dahua', 'kilobits=4096'), 1_800)
    const month = figure('storage.dahua', 'kilobits=4096', 'hours=24', 'days=30', 'channels=16')
    // Printed as 19.775391 "TB": megabytes by 1024 x 1024.
    expectNear(month / 1_024 ** 2, 19.775391)
    expectNear(month, product(4_096, 3_600, 24, 30, 16).by(product(8, 1_024)).number())
  })

  it('S4: noisy nights', () => {
    const { mean, volume } = figures('storage.day-night', 'day=4Mbps', 'day-hours=14h', 'night=8Mbps', 'night-hours=10')
    expectNear(mean, 5.666667, 1e-7)
    expectNear(volume, 367.2)
    expectNear(volume! / 259.2 - 1, 0.417, 1e-3)
    expectNear(mean, product(4, 14).plus(product(8, 10)).by(exact(24)).number(), 1e-14)
  })

  it('S5: motion records the time that events cover: closed form, and a simulation of events that overlap', () => {
    const share = figure('storage.motion-share', 'events-per-hour=20', 'event=12s', 'pre=5s', 'post=10s')
    expectNear(share, 1 - Math.exp((-20 * 27) / 3_600))
    const random = seededRandom(5)
    // Spells of 100 hours; an event in the 27 s before one reaches into it.
    const spells = Array.from({ length: 1_600 }, () => {
      const length = 360_000
      let recorded = 0
      let until = 0
      for (let time = -27; time < length; ) {
        time += -Math.log(1 - random()) * 180
        recorded += Math.max(0, Math.min(time + 27, length) - Math.max(time, until))
        until = Math.max(until, time + 27)
      }
      return recorded / length
    })
    expectSimulated(spells, share, 1e-3)
  })

  it('S6: the main stream on motion beside the sub-stream', () => {
    const { bitrate, daily } = figures('storage.motion-bitrate', 'share=25%', 'main=4Mbps', 'sub=0.5Mbps')
    expectNear(bitrate, 1.5)
    expectNear(daily, 16.2)
  })

  it("S7: Seagate's 45 GB a day, and 337.5 TB for 250 cameras", () => {
    const bitrate = figure('storage.bitrate', 'daily=45GB')
    expectNear(bitrate, 4.166667, 1e-7)
    expectNear(figure('storage.volume', `bitrate=${bitrate}Mbps`, 'days=30', 'cameras=250'), 337.5)
  })

  it("S8: Canon's pictures", () => {
    expectNear(figure('storage.frames', 'frame=15kB', 'fps=2', 'cameras=16', 'hours=24', 'days=1') * 1e6, 41_472_000)
  })

  it('S9: overhead and safety are on top of each other', () => {
    const planned = figure('storage.planned', 'bitrate=48.768Mbps', 'hours=24', 'overhead=6%', 'safety=10%')
    expectNear(planned, product('48.768', 1e6, 86_400, '1.06', '1.1').by(product(8, 1e9)).number(), 1e-13)
    const bytes = figure('storage.volume', 'bitrate=48.768Mbps', ...one) * 1_000
    expectNear(planned, bytes + bytes * 0.06 + bytes * 0.1 + bytes * 0.006, 1e-13)
  })

  it('S10: 4 and 16 Mbps for 30 days', () => {
    expectNear(figure('storage.volume', 'bitrate=4Mbps', 'cameras=1'), 1.296)
    expectNear(figure('storage.volume', 'bitrate=16Mbps', 'cameras=1'), 5.184)
  })

  it("S11: AxxonSoft's factor", () => {
    expectNear(figure('storage.axxon', 'frame=1', 'fps=1'), 3.515625, 1e-15)
  })

  it('is additive in cameras and days, and zero cameras need nothing', () => {
    const of = (cameras: number, days: number) => figure('storage.volume', `cameras=${cameras}`, `days=${days}`)
    expectNear(of(70, 30) + of(130, 30), of(200, 30), 1e-13)
    expectNear(of(200, 10) + of(200, 20), of(200, 30), 1e-13)
    expect(of(0, 30)).toBe(0)
    expectNear(of(1_000_000, 36_500), of(1, 1) * 36_500e6, 1e-13)
  })
})
