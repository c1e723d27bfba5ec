import { describe, expect, it } from 'vitest'
import { ReadPacing } from '../../../src/media/source/read-pacing.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function connection(clock: FakeClock) {
  const resumed: number[] = []
  return { resumed, destroyed: false, resume: () => void resumed.push(clock.monotonic()) }
}

describe('read pacing', () => {
  it('resumes a connection once, 200 ms after it began to rest', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const one = connection(clock)
    pacing.rest(one)
    clock.advance(199)
    expect(one.resumed).toEqual([])
    clock.advance(1_000)
    expect(one.resumed).toEqual([200])
  })

  it('resumes those that began at different times at different times', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const all = Array.from({ length: 10 }, () => connection(clock))
    for (const each of all) {
      pacing.rest(each)
      clock.advance(20)
    }
    clock.advance(400)
    expect(all.map(each => each.resumed[0])).toEqual(all.map((_, i) => 200 + i * 20))
  })

  it('leaves out a connection that is gone, and keeps no timer for nobody', () => {
    const clock = new FakeClock()
    const pacing = new ReadPacing(clock)
    const gone = { ...connection(clock), destroyed: true }
    pacing.rest(gone)
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
        pacing.rest(camera)
      },
    }
    pacing.rest(camera)
    clock.advance(10_000)
    expect(reads).toBe(50)
  })
})
