import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOLDS_FILE } from '../../src/recording/retention/holds-file.ts'
import type { Segment } from '../../src/recording/types.ts'
import { SmallArchive } from '../recording/retention/small-archive.ts'
import { DAY, HOUR } from '../recording/retention/support.ts'
import { runCommand } from '../support/run-command.ts'

describe('archive retention and hold', () => {
  let archive: SmallArchive
  let gate: Segment[]
  const now = Math.floor(Date.now() / HOUR) * HOUR
  beforeEach(() => {
    archive = new SmallArchive()
    gate = archive.record('gate-1', now - 10 * DAY, 240, HOUR)
    archive.record('hall', now - 5 * DAY, 120, HOUR)
    configure('{ age: 7d }')
  })
  afterEach(() => archive[Symbol.dispose]())
  const configure = (retention: string, more = '') =>
    writeFileSync(
      join(archive.dir, 'vms.yaml'),
      [
        'site: { name: test, timezone: UTC }',
        // What is free on the disk of whoever runs this decides nothing.
        'storage: { path: ./archive, headroom: { delete: 1min, warn: 1min } }',
        `defaults: { retention: ${retention} }`,
        'cameras:',
        '  - { id: gate-1, main: "rtsp://127.0.0.1:9/a", priority: 70 }',
        '  - { id: hall, main: "rtsp://127.0.0.1:9/b", group: inside }',
        more,
      ].join('\n'),
    )
  const run = (...args: string[]) =>
    runCommand(['archive', ...args, '-c', join(archive.dir, 'vms.yaml'), '--state-dir', archive.dir])
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)
  const rows = () => archive.index.segments('gate-1', { start: 0, end: now })
  const goesByAge = () => gate.filter(({ end }) => end <= Date.now() - 7 * DAY).length

  it('plans, deletes nothing, and tries another policy', async () => {
    const { out, code } = await run('retention', 'plan')
    expect(code).toBe(0)
    expect(out).toMatch(/^7\d segments go now, .* are free: .* of writing at /)
    expect(out).toMatch(/gate-1 .*too old +holds: 7 days/)
    const plan = await json('retention', 'plan', '--policy', 'by-priority')
    expect(plan.segments).toBe(goesByAge())
    expect(plan.first[0].segment.path).toBe(gate[0]!.path)
    expect(plan.forecast.promises).toHaveLength(2)
    expect(rows()).toHaveLength(240)
  })

  it('fails where a quota cannot be kept', async () => {
    configure('{ age: 7d, quota: 1MB }', 'groups: { inside: { retention: { quota: 1MB } } }')
    expect((await run('retention', 'plan')).code).toBe(0)
    archive.index.add(gate.slice(-1).map(segment => ({ ...segment, bytes: 5_000_000 })))
    await run('hold', 'add', 'gate-1', '--from', '-30d', '--to', 'now', '--reason', 'all of it')
    const { code, out } = await run('retention', 'plan')
    expect([code, out]).toEqual([8, expect.stringMatching(/^! gate-1 takes .* more than its quota/m)])
    expect((await run('retention', 'apply')).code).toBe(8)
  })

  it('fails when a promise breaks soon and that was asked', async () => {
    configure('{ age: 100d, quota: 1MB }')
    const bytes = 1e6 / 240
    archive.index.add(
      gate.map(segment => ({ ...segment, bytes })).map(one => ({ ...one, bytes: Math.ceil(one.bytes) })),
    )
    expect((await run('retention', 'plan', '--fail-within', '1h')).code).toBe(8)
    const { out } = await run('retention', 'plan')
    expect(out).toMatch(/breaks .*: keeps \d+(\.\d)? of 100 days promised \(quota\)/)
    expect((await run('retention', 'plan', '--fail-within', 'soon')).code).toBe(2)
  })

  it('deletes nothing while the index does not have all of the archive', async () => {
    archive.database.exec('DELETE FROM complete')
    const { code, err } = await run('retention', 'apply')
    expect([code, err]).toEqual([3, expect.stringContaining('vmsctl archive rebuild')])
    expect(rows()).toHaveLength(240)
  })

  it('applies, says what it did, and has nothing to do then', async () => {
    const due = goesByAge()
    const { out: dry } = await run('retention', 'apply', '--dry-run')
    expect([dry, rows().length]).toEqual([expect.stringContaining(`${due} segments go now`), 240])
    const { out, err } = await run('retention', 'apply')
    expect(out).toContain(`${due} segments deleted, `)
    expect(err).toContain('files deleted')
    expect(existsSync(archive.absolute(gate[0]!))).toBe(false)
    expect(rows()).toEqual(gate.slice(due))
    expect((await run('retention', 'apply')).out).toContain('Nothing had to go.')
  })

  it('shows the order in which cameras give', async () => {
    const { out } = await run('retention', 'policy')
    expect(out).toContain('the camera with the oldest footage gives first (oldest-first)')
    expect(out).toMatch(/^1 +gate-1 +70 +7 days/m)
    expect((await json('retention', 'policy')).cameras.map(({ camera }: { camera: string }) => camera)).toEqual([
      'gate-1',
      'hall',
    ])
  })

  it('holds footage until it is released', async () => {
    const held = await json(
      'hold',
      'add',
      'gate-1',
      '--from',
      '-30d',
      '--to',
      '-8d',
      '--reason',
      'police file 7',
      '--by',
      'alice',
    )
    expect(held).toMatchObject({
      hold: { camera: 'gate-1', by: 'alice', reason: 'police file 7' },
      gone: [],
      fileTrouble: null,
    })
    expect(held.segments).toBeGreaterThan(47)
    await run('retention', 'apply')
    expect(rows()).toEqual(expect.arrayContaining(gate.slice(0, held.segments)))
    const listed = await run('hold', 'list')
    expect(listed.out).toMatch(new RegExp(`${held.hold.id} +gate-1 .*alice +police file 7`))
    expect(JSON.parse(readFileSync(join(archive.storage, HOLDS_FILE), 'utf8')).holds).toHaveLength(1)
    expect((await run('hold', 'release', held.hold.id, '--reason', 'closed')).out).toContain('is released')
    expect((await run('hold', 'list')).out).toContain('No holds.')
    expect((await json('hold', 'list', '--all')).holds[0].released.reason).toBe('closed')
    await run('retention', 'apply')
    expect(rows()).toEqual(gate.slice(goesByAge()))
    expect((await run('hold', 'add', 'gate-1', '--from', '-30d', '--to', '-8d', '--reason', 'late')).out).toContain(
      'gone already (expired)',
    )
  })

  it('has holds back when the index was made anew from the files', async () => {
    await run('hold', 'add', 'gate-1', '--from', '-30d', '--to', '-8d', '--reason', 'police')
    archive.database.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(archive.dir, `archive.db${suffix}`), { force: true })
    await run('rebuild')
    expect((await json('hold', 'list')).holds).toMatchObject([{ camera: 'gate-1', reason: 'police' }])
  })

  it.each([
    [['hold', 'add', 'gate-1', '--from', '-1h', '--to', '-2h', '--reason', 'x'], 2, 'before it begins'],
    [['hold', 'add', 'gate-1', '--from', 'whenever', '--to', 'now', '--reason', 'x'], 2, 'is not a time'],
    [['hold', 'add', 'gate-1', '--from', '-1h', '--to', 'now', '--reason', ' '], 2, '--reason is empty'],
    [['hold', 'add', 'gate-1', '--from', '-1h', '--to', 'now'], 2, 'reason'],
    [['hold', 'add', 'gate', '--from', '-1h', '--to', 'now', '--reason', 'x'], 3, 'Did you mean "gate-1"?'],
    [['hold', 'release', 'nothing', '--reason', 'x'], 3, 'there is no hold nothing'],
  ])('refuses %j', async (args, exitCode, said) => {
    const { code, err } = await run(...args)
    expect([code, err]).toEqual([exitCode, expect.stringContaining(said)])
  })

  it('deletes nothing where the disk is not mounted, or the holds cannot be read', async () => {
    writeFileSync(join(archive.storage, HOLDS_FILE), '{}')
    const damaged = await run('retention', 'apply')
    expect([damaged.code, damaged.err]).toEqual([5, expect.stringContaining('holds.json is damaged')])
    rmSync(join(archive.storage, HOLDS_FILE))
    rmSync(join(archive.storage, '.vmsctl-storage'))
    const away = await run('retention', 'apply')
    expect([away.code, away.err]).toEqual([5, expect.stringContaining('is the disk mounted?')])
    expect(rows()).toHaveLength(240)
  })
})
