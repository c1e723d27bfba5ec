import { describe, expect, it } from 'vitest'
import { freshness, type JudgeInput, judgeCamera, startGrace } from '../../src/daemon/judge.ts'
import type { CameraStatus } from '../../src/media/worker/protocol.ts'
import { fakeCameraStatus } from '../support/camera-status.ts'

const now = 1_000_000_000
const long = now - 3_600_000

function judge(over: Partial<JudgeInput>, spoil: { main?: object; recording?: object } = {}) {
  const good = fakeCameraStatus('a', { now, since: long })
  const camera: CameraStatus = {
    ...good,
    main: { ...good.main, ...spoil.main },
    recording: { ...good.recording, ...spoil.recording },
  }
  return judgeCamera({ wanted: true, blocked: null, workerTrouble: null, camera, since: long, now, ...over })
}

describe('judgeCamera', () => {
  it('believes the newest frame on disk', () => {
    expect(judge({})).toEqual({ health: 'ok', reason: null })
    // Whatever states say: frames are on disk.
    expect(judge({ workerTrouble: 'odd' }, { main: { state: 'connecting' } }).health).toBe('ok')
    expect(judge({}, { recording: { lastWritten: now - 10_000 } }).health).toBe('ok')
  })
  it('does not believe states when no frames arrive on disk', () => {
    expect(judge({}, { recording: { active: true, lastWritten: now - 10_001 } })).toEqual({
      health: 'bad',
      reason: 'no frame on disk for 10 s',
    })
    expect(judge({}, { recording: { lastWritten: now - 60_000, reason: 'disk full' } }).reason).toBe('disk full')
  })
  it('names the source before the disk', () => {
    const spoil = {
      main: { state: 'backing-off', reason: 'refused' },
      recording: { lastWritten: null, reason: 'no stream' },
    }
    expect(judge({}, spoil)).toEqual({ health: 'bad', reason: 'refused' })
  })
  it('gives a start its time, and no more', () => {
    const never = { recording: { lastWritten: null } }
    expect(judge({ since: now - 30_000 }, never).health).toBe('starting')
    expect(judge({ since: now - 30_001 }, never).health).toBe('bad')
    expect(judge({ since: now - 35_000 }, { ...never, main: { gop: 10_000 } }).health).toBe('starting')
    expect(judge({ since: now - 10_000, camera: undefined }).health).toBe('starting')
    expect(judge({ camera: undefined }).health).toBe('bad')
  })
  it('forgives no camera that recorded and stopped', () => {
    expect(judge({ since: now - 25_000 }, { recording: { lastWritten: now - 20_000 } }).health).toBe('bad')
  })
  it('leaves alone what nobody wants', () => {
    expect(judge({ wanted: false, blocked: 'x', camera: undefined })).toEqual({ health: 'off', reason: null })
  })
  it('says why it cannot even be asked', () => {
    expect(judge({ blocked: 'password: file /x does not exist' })).toEqual({
      health: 'bad',
      reason: 'password: file /x does not exist',
    })
    expect(judge({ workerTrouble: 'it is not running', camera: undefined }).reason).toBe(
      'media worker: it is not running',
    )
  })
  it('waits longer for slow cameras', () => {
    expect(freshness(25)).toBe(10_000)
    expect(freshness(0.2)).toBe(17_000)
    expect(freshness(null)).toBe(10_000)
    expect(startGrace(null)).toBe(30_000)
    expect(startGrace(20_000)).toBe(70_000)
  })
})
