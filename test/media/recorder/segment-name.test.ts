import { describe, expect, it } from 'vitest'
import { fileName, segmentName, sortSegmentNames } from '../../../src/media/recorder/segment-name.ts'

describe('segmentName', () => {
  it('is in UTC by default', () => {
    const wall = Date.UTC(2026, 10, 23, 18, 30, 0, 900)
    expect(segmentName('gate-1', 'main', wall, 'utc', 'Europe/Paris')).toEqual({
      directory: 'gate-1/main/2026-11-23',
      stem: '20261123T183000Z',
    })
  })

  it('is in the time of the site on demand, midnight as 00 and the day as there', () => {
    const wall = Date.UTC(2026, 10, 23, 23, 0, 5)
    expect(segmentName('gate-1', 'main', wall, 'local', 'Europe/Paris')).toEqual({
      directory: 'gate-1/main/2026-11-24',
      stem: '20261124_000005',
    })
    expect(segmentName('gate-1', 'sub', wall, 'local', 'Asia/Ho_Chi_Minh').stem).toBe('20261124_060005')
  })

  it('repeats in the hour after summer time, where the suffix keeps files apart', () => {
    const before = segmentName('a', 'main', Date.UTC(2026, 9, 25, 0, 30), 'local', 'Europe/Paris')
    const after = segmentName('a', 'main', Date.UTC(2026, 9, 25, 1, 30), 'local', 'Europe/Paris')
    expect(before).toEqual(after)
    expect([fileName(before, 0), fileName(before, 1)]).toEqual(['20261025_023000.mp4', '20261025_023000-2.mp4'])
  })

  it('sorts by time, suffixes as numbers, strangers left out', () => {
    const sorted = ['20261123T183000Z.mp4', '20261123T183000Z-2.mp4', '20261123T183000Z-10.mp4', '20261123T183001Z.mp4']
    expect(sortSegmentNames([...sorted].reverse().concat('notes.txt', 'x.mp4'))).toEqual(sorted)
  })
})
