import { describe, expect, it } from 'vitest'
import { compareWithWorker } from '../../../src/streaming/stream/compare-with-worker.ts'
import { IDLE, type StreamPhase } from '../../../src/streaming/stream/state.ts'

const said = (state: 'playing' | 'backing-off' | 'idle', readers = 0, at = 2_000) => ({
  status: { state, readers },
  at,
})
const state = (phase: StreamPhase) => ({ ...IDLE, phase, turn: 7 })

describe('the word of a worker', () => {
  it('says that a stream is lost, is gone, or is back', () => {
    const running = state({ name: 'running', since: 1_000 })
    expect(compareWithWorker(running, said('backing-off'))).toEqual({ type: 'lost' })
    expect(compareWithWorker(running, said('playing'))).toBeUndefined()
    const stopping = state({ name: 'stopping', since: 1_000 })
    expect(compareWithWorker(stopping, said('idle'))).toEqual({ type: 'gone' })
    expect(compareWithWorker(stopping, said('playing'))).toBeUndefined()
    expect(compareWithWorker(stopping, said('playing', 1))).toEqual({ type: 'gone' })
    const failed = state({ name: 'failed', since: 1_000, reason: 'refused' })
    expect(compareWithWorker(failed, said('playing'))).toEqual({ type: 'up', turn: 7 })
    expect(compareWithWorker(failed, said('backing-off'))).toBeUndefined()
  })

  it('counts for nothing where it is older than what is known, or where there is none', () => {
    const lingering = state({ name: 'lingering', since: 1_000 })
    expect(compareWithWorker(lingering, said('idle', 0, 900))).toBeUndefined()
    expect(compareWithWorker(lingering, undefined)).toBeUndefined()
    expect(compareWithWorker(IDLE, said('playing'))).toBeUndefined()
  })
})
