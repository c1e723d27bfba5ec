import { describe, expect, it } from 'vitest'
import { PartCutter } from '../../../src/media/hls/part-cutter.ts'

/** Cuts a camera of `fps` with a key frame every `group` frames: lengths of the parts, in frames, and where segments begin. */
function cut(fps: number, group: number, frames: number, cutter = new PartCutter()) {
  const parts: number[] = []
  const segments: number[] = []
  let length = 0
  for (let i = 0; i < frames; i++) {
    const what = cutter.next(i / fps, i % group === 0, 1_000)
    if (what !== 'append') {
      parts.push(length)
      length = 0
    }
    if (what === 'segment') segments.push(i)
    length++
  }
  return { parts, segments }
}

describe('parts and segments', () => {
  it('last at most a quarter of a second, and end with a key frame after two seconds', () => {
    const { parts, segments } = cut(25, 50, 201)
    // Six frames are 0.24 s; the ninth part of a segment has the two that are left.
    expect(new Set(parts)).toEqual(new Set([6, 2]))
    expect(segments).toEqual([50, 100, 150, 200])
  })

  it('hold groups of a second two by two, and long ones whole', () => {
    expect(cut(25, 25, 201).segments).toEqual([50, 100, 150, 200])
    expect(cut(25, 250, 501).segments).toEqual([250, 500])
  })

  it('are single frames where these are long', () => {
    expect(new Set(cut(2, 4, 20).parts)).toEqual(new Set([1]))
  })

  it('end without a key frame when none comes for half a minute', () => {
    expect(cut(10, 10_000, 700).segments).toEqual([300, 600])
  })

  it('end early where that is asked for, once, and then with the next key frame', () => {
    const cutter = new PartCutter()
    cutter.endEarly()
    expect(cut(25, 50, 120, cutter).segments).toEqual([6, 50, 100])
  })

  it('end by their bytes, too', () => {
    const cutter = new PartCutter()
    expect(cutter.next(0, true, 9_000_000)).toBe('append')
    expect(cutter.next(0.01, false, 1_000)).toBe('part')
  })
})
