import { describe, expect, it } from 'vitest'
import { ReadPacing, RestLength } from '../../../src/media/source/read-pacing.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function connection(clock: FakeClock) {
  const resumed: number[] = []
  return { resumed, destroyed: false, resume: () => void resumed.push(clock.monotonic()) }
}

describe('read pacing', () => {
  it('resumes a connection once, after its rest', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const long = connection(clock)
    const short = connection(clock)
    pacing.rest(long, 10)
    pacing.rest(short, 1)
    clock.advance(199)
    expect(long.resumed).toEqual([])
    clock.advance(1_000)
    expect(long.resumed).toEqual([200])
    expect(short.resumed).toEqual([20])
  })

  it('resumes those that began at different times at different times', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const all = Array.from({ length: 10 }, () => connection(clock))
    for (const each of all) {
      pacing.rest(each, 10)
      clock.advance(20)
    }
    clock.advance(400)
    expect(all.map(each => each.resumed[0])).toEqual(all.map((_, i) => 200 + i * 20))
  })

  it('leaves out a connection that is gone, and keeps no timer for nobody', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const gone = { ...connection(clock), destroyed: true }
    pacing.rest(gone, 3)
    clock.advance(1_000)
    expect(gone.resumed).toEqual([])
    expect(clock.delays).toEqual([])
  })

  it('goes on for as long as a connection comes back', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    let reads = 0
    const camera = {
      destroyed: false,
      resume: () => {
        reads++
        pacing.rest(camera, 10)
      },
    }
    pacing.rest(camera, 10)
    clock.advance(10_000)
    expect(reads).toBe(50)
  })
})

describe('the length of a rest', () => {
  /** Steps of rest after three seconds of reads of `bytes` every 40 ms. */
  function steady(bytes: number): number {
    const rest = new RestLength()
    let steps = 0
    for (let now = 0; now <= 3_000; now += 40) steps = rest.after(bytes, now)
    return steps
  }

  it('is as long as 64 KB take, 200 ms at most', () => {
    expect(steady(5_000)).toBe(10) // 1 Mbps
    expect(steady(20_000)).toBe(6) // 4 Mbps: 131 ms
    expect(steady(80_000)).toBe(1) // 16 Mbps
    expect(steady(140_000)).toBe(0) // 28 Mbps
  })

  it('is none in the first second, and none behind a read that filled the buffer', () => {
    const rest = new RestLength()
    for (let now = 0; now < 1_000; now += 40) expect(rest.after(5_000, now)).toBe(0)
    expect(rest.after(5_000, 1_000)).toBe(10)
    expect(rest.after(200_000, 1_040)).toBe(0)
    expect(rest.after(5_000, 1_080)).toBe(10)
  })

  it('is short again a second after the rate rose', () => {
    const rest = new RestLength()
    for (let now = 0; now <= 2_000; now += 40) rest.after(2_000, now)
    for (let now = 2_040; now < 3_100; now += 40) rest.after(60_000, now)
    expect(rest.after(60_000, 3_120)).toBe(2)
  })
})
