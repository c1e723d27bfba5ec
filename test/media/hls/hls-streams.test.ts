import { expect, it } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { HlsStreams } from '../../../src/media/hls/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { mediaSession, TestCamera, VIDEO } from '../gateway/support.ts'

it('keeps no more than its share of memory: the last streams to come go first, and no other may begin', () => {
  const clock = new FakeClock()
  const cameras = new Map(['a', 'b', 'c'].map(id => [id, new TestCamera()]))
  for (const [camera, each] of cameras) each.begin(mediaSession({ camera, tracks: [VIDEO] }))
  const streams = new HlsStreams({
    directory: { find: camera => cameras.get(camera)?.hub },
    clock,
    log: silentLogger,
    mostBytes: 1_500_000,
  })
  // At once, when they have nothing yet.
  for (const id of cameras.keys()) expect(streams.open(id, 'main')).toBeDefined()
  expect(streams.crowded).toBeUndefined()
  // Two seconds of 4 Mbps each.
  for (const each of cameras.values()) each.video(52, 20_000)
  expect(streams.crowded).toContain('too many')
  clock.advance(1_000)
  expect(['a', 'b', 'c'].map(id => streams.get(id, 'main') !== undefined)).toEqual([true, false, false])
  expect(streams.crowded).toBeUndefined()
  streams.close()
})
