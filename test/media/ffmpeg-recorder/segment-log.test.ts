import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { SegmentLog } from '../../../src/media/ffmpeg-recorder/segment-log.ts'
import type { JournalEntry } from '../../../src/media/recorder/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'

describe("the journal of ffmpeg's segments", () => {
  let path = ''
  let folder = ''
  let entries: JournalEntry[] = []
  let clock = new FakeClock()

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'segment-log-'))
    folder = join(path, 'gate', 'main')
    mkdirSync(folder, { recursive: true })
    entries = []
    clock = new FakeClock()
  })
  afterEach(() => rmSync(path, { recursive: true }))

  const worker = () =>
    new SegmentLog({
      camera: 'gate',
      settings: { path },
      journal: { append: entry => void entries.push(entry) },
      clock,
      log: silentLogger,
    })
  /** Large enough not to be taken for a file that was never begun. */
  const write = (name: string, bytes: number) => writeFileSync(join(folder, name), Buffer.alloc(5_000 + bytes))
  const note = () => join(folder, '.open-segments.json')
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise(setImmediate)
  }
  const noted = (what: RegExp) => until(() => existsSync(note()) && what.test(readFileSync(note(), 'utf8')))

  it('enters what ffmpeg finishes, and leaves no note of it', async () => {
    const log = worker()
    log.newSession('one')
    log.began('a.mp4')
    write('a.mp4', 10)
    clock.advance(2_000)
    log.finished({ name: 'a.mp4', start: 0, end: 2 })
    await log.settled
    expect(entries).toMatchObject([
      { path: 'gate/main/a.mp4', session: 'one', number: 0, bytes: 5_010, ended: 'duration' },
    ])
    expect(readdirSync(folder)).toEqual(['a.mp4'])
  })

  it('enters what a killed worker left once it does not grow any more', async () => {
    const dead = worker()
    dead.newSession('one')
    dead.began('a.mp4')
    write('a.mp4', 10)
    await noted(/a\.mp4/)
    const next = worker()
    expect(await next.left()).toBe(statSync(join(folder, 'a.mp4')).mtimeMs)
    next.newSession('two')
    next.began('b.mp4')
    write('b.mp4', 5)
    // The end of the new ffmpeg is not the end of the old one's segment.
    next.exited()
    write('a.mp4', 20)
    clock.advance(3_000)
    await until(() => entries.length > 0 && clock.delays.length > 0)
    expect(entries).toMatchObject([{ path: 'gate/main/b.mp4', session: 'two', ended: 'ffmpeg ended' }])
    clock.advance(3_000)
    await until(() => entries.length > 1)
    await next.settled
    expect(entries[1]).toMatchObject({
      path: 'gate/main/a.mp4',
      session: 'one',
      bytes: 5_020,
      ended: 'worker restarted',
    })
    expect(entries).toHaveLength(2)
    expect(readdirSync(folder).sort()).toEqual(['a.mp4', 'b.mp4'])
  })

  it('removes what ffmpeg never wrote to', async () => {
    const log = worker()
    log.newSession('one')
    log.began('a.mp4')
    writeFileSync(join(folder, 'a.mp4'), '')
    log.exited()
    await log.settled
    expect(entries).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  })

  it('keeps the note until the segment is entered: the next worker may be killed as well', async () => {
    const dead = worker()
    dead.newSession('one')
    dead.began('a.mp4')
    write('a.mp4', 10)
    await noted(/a\.mp4/)
    const second = worker()
    await second.left()
    second.newSession('two')
    second.began('b.mp4')
    await noted(/a\.mp4.*b\.mp4/)
  })

  it.each([
    '',
    '{',
    'null',
    '[null, 1, [], {}]',
    '[{"name":"../../x.mp4","session":"s","number":0,"start":0}]',
    '[{"name":"gone.mp4","session":"s","number":0,"start":0}]',
    '[{"name":"a.mp4","session":"s","number":"0","start":0}]',
  ])('takes nothing from a note that says %j', async text => {
    write('a.mp4', 10)
    writeFileSync(join(path, 'x.mp4'), 'x')
    writeFileSync(note(), text)
    const log = worker()
    expect(await log.left()).toBeUndefined()
    expect(clock.delays).toEqual([])
  })
})
