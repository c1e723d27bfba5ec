import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repairSegment } from '../../src/media/segment-file/index.ts'
import { type EncodedTrack, encodeAudio, encodeVideo } from '../support/encoded-media.ts'
import { hashByHand } from '../support/hash-by-hand.ts'
import { mux } from '../support/mux.ts'
import { hasProgram } from '../support/programs.ts'
import { readFile } from '../wire/mp4/support.ts'

/** Cuts of one file that ffmpeg decodes: it takes a hundred times as long as the repair. */
const PLAYED = 12

let base: string
// Memory, where there is some: thousands of files are synced one by one.
beforeAll(() => {
  base = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vmsctl-torn-'))
})
afterAll(() => rmSync(base, { recursive: true }))

/** Frames of the video that ffmpeg decodes, and all that it has to say of them. */
function play(path: string): { frames: number; said: string } {
  const { status, stdout, stderr } = spawnSync(
    'ffprobe',
    [
      '-v',
      'warning',
      '-count_frames',
      '-select_streams',
      'v',
      '-show_entries',
      'stream=nb_read_frames',
      '-of',
      'csv=p=0',
      path,
    ],
    { encoding: 'utf8' },
  )
  const whole = spawnSync('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-'], { encoding: 'utf8' })
  expect([status, whole.status]).toEqual([0, 0])
  return { frames: Number(stdout.trim()), said: stderr + whole.stderr }
}

/** Repairs the file cut at every byte from the end of the last but one fragment on. */
async function everyCut(tracks: readonly EncodedTrack[], seconds: number): Promise<void> {
  const whole = mux(tracks, { open: true, fragment: seconds })
  const { fragments } = readFile(whole)
  const { start, end } = fragments.at(-1)!
  const countIn = (list: typeof fragments) =>
    list.reduce((sum, { runs }) => sum + (runs.find(({ trackId }) => trackId === 1)?.count ?? 0), 0)
  const all = countIn(fragments)
  const but = countIn(fragments.slice(0, -1))
  expect(all).toBeGreaterThan(but)
  const path = join(base, 'cut.mp4')
  const step = Math.ceil((end - start) / PLAYED)
  for (let length = start; length <= end; length++) {
    writeFileSync(path, whole.subarray(0, length))
    const frames = length === end ? all : but
    const repair = await repairSegment(path)
    expect(repair, `${length} bytes`).toMatchObject({
      outcome: 'repaired',
      removed: length === end ? 0 : length - start,
      segment: { complete: true, frames, end: { reason: 'repaired', frames } },
    })
    const bytes = readFileSync(path)
    expect(bytes.length).toBe(length === end ? end : start)
    const { said, found } = hashByHand(bytes)
    expect(said).toBe(found)
    if ((length - start) % step === 0 || length === end) expect(play(path)).toEqual({ frames, said: '' })
  }
}

describe.skipIf(!hasProgram('ffmpeg'))('a segment that was cut at any byte of its last fragment', () => {
  it('is whole after the repair and plays, having lost that fragment at most: H.264 with AAC', async () => {
    await everyCut(
      [encodeVideo(base, { codec: 'h264', seconds: 2, size: '160x90' }), encodeAudio(base, 'aac', 1.9)],
      0.2,
    )
  }, 300_000)

  it('is whole after the repair and plays, having lost that fragment at most: H.265, B-frames', async () => {
    await everyCut([encodeVideo(base, { codec: 'h265', seconds: 2, size: '160x90', bFrames: 2 })], 0.2)
  }, 300_000)
})
