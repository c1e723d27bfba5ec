import { describe, expect, it } from 'vitest'
import { renderColumns } from '../../src/cli/columns.ts'
import { fitScreen } from '../../src/cli/fit-screen.ts'
import { formatLogLine } from '../../src/cli/log-view.ts'
import { PLAIN, paletteFor } from '../../src/cli/palette.ts'
import { describeRecordResult, renderRecording } from '../../src/cli/record-view.ts'
import { answer, describeStream, formatTime, renderStatus } from '../../src/cli/status-view.ts'
import type { CameraReport, SiteStatus, SiteSummary } from '../../src/daemon/types.ts'
import { fakeCameraStatus } from '../support/camera-status.ts'

const summary: SiteSummary = {
  cameras: 200,
  wanted: 200,
  ok: 199,
  starting: 0,
  bad: 1,
  off: 0,
  outsideSchedule: 0,
  bitrate: 812e6,
  subStreams: 41,
  readers: 57,
  viewers: 57,
  diskFree: 1e15,
  headroom: 29.6 * 86_400_000,
}
const now = Date.UTC(2026, 10, 23, 12)

function report(id: string, over: Partial<CameraReport> = {}): CameraReport {
  const { main, recording } = fakeCameraStatus(id, { now, since: now - 60_000 })
  return {
    id,
    group: null,
    health: 'ok',
    reason: null,
    wish: { record: true, by: 'configuration', at: null, until: null },
    worker: 0,
    main,
    sub: null,
    viewers: 0,
    recording,
    writtenAge: 600,
    bytesOnDisk: 5e6,
    lost: {},
    ...over,
  }
}

function status(cameras: CameraReport[], over: Partial<SiteStatus> = {}): SiteStatus {
  const daemon = { pid: 1, version: '0', startedAt: 0, config: '/c', stateDir: '/s', configTrouble: null }
  return {
    site: 's',
    timezone: 'Europe/Paris',
    at: now,
    daemon,
    summary,
    workers: [],
    relay: null,
    notes: [],
    cameras,
    omitted: 0,
    ...over,
  }
}

describe('the first line answers the question', () => {
  const say = (over: Partial<SiteSummary>) => answer({ ...summary, ...over }, PLAIN)
  it('counts what is recorded as it should be', () => {
    expect(say({})).toBe(
      '199 of 200 cameras are recording as they should. 812 Mbps in, 29.6 days of headroom, 41 sub-streams for 57 viewers.',
    )
    expect(say({ ok: 195, bad: 0, starting: 5, subStreams: 0, headroom: null })).toBe(
      '195 of 200 cameras are recording as they should, 5 are starting. 812 Mbps in.',
    )
    expect(say({ cameras: 1, wanted: 1, ok: 1, bad: 0, subStreams: 1, viewers: 1 })).toMatch(
      /^1 of 1 camera is recording as it should\. .* 1 sub-stream for 1 viewer\.$/,
    )
  })
  it('knows sites without cameras or wishes', () => {
    expect(say({ cameras: 0 })).toBe('No cameras are configured.')
    expect(say({ cameras: 3, wanted: 0, off: 3 })).toBe('Nothing is to be recorded: 3 of 3 cameras are switched off.')
  })
  it('does not call switched off what is outside of its schedule', () => {
    const night = { cameras: 3, wanted: 0, ok: 0, bad: 0 }
    expect(say({ ...night, off: 3, outsideSchedule: 3 })).toBe(
      'Nothing is to be recorded: 3 of 3 cameras are outside of their schedule.',
    )
    expect(say({ ...night, off: 3, outsideSchedule: 2 })).toBe(
      'Nothing is to be recorded: 1 of 3 cameras are switched off, 2 of 3 cameras are outside of their schedule.',
    )
    const some = { wanted: 190, ok: 190, bad: 0, off: 10 }
    expect(say({ ...some, outsideSchedule: 10 })).toMatch(/^190 of 190 .* should, 10 are outside of their schedule\. /)
    expect(say({ ...some, outsideSchedule: 1 })).toMatch(/ 9 are switched off, 1 is outside of its schedule\. /)
  })
})

describe('the table', () => {
  it('shows who is down and why, and where the rest is', () => {
    const good = report('gate-1')
    const down = report('hall-007', {
      health: 'bad',
      reason: 'refused',
      main: { ...good.main!, state: 'backing-off', reason: 'refused', retryIn: 41_000, since: now },
      lost: { refused: 17, stalled: 1 },
      bytesOnDisk: 0,
    })
    const text = renderStatus(status([good, down], { omitted: 198, notes: ['a note'] }), PLAIN)
    const lines = text.split('\n')
    expect(lines[1]).toBe('! a note')
    expect(lines[2]).toMatch(/^camera +state +main +key frame +on disk +lost 24 h +note$/)
    expect(lines[3]).toMatch(/^gate-1 +ok +H\.264 1920x1080 25 fps 4\.1 Mbps GOP 2 s +700 ms ago +5 MB$/)
    expect(lines[4]).toMatch(/^hall-007 +down +18 s \(refused and 1 more\) +refused since .*; retry in 41 s$/)
    expect(lines[5]).toBe('(198 more are ok: --all)')
    expect(text).not.toContain('\x1b')
  })
  it('does not call cameras ok that it leaves out because they are off', () => {
    const shown = [report('a', { health: 'off' }), report('b')]
    const last = (off: number, omitted: number) =>
      renderStatus(status(shown, { summary: { ...summary, off }, omitted }), PLAIN)
        .split('\n')
        .at(-1)
    expect(last(1, 3)).toBe('(3 more are ok: --all)')
    expect(last(4, 3)).toBe('(3 more are switched off: --all)')
    expect(last(2, 1)).toBe('(1 more is switched off: --all)')
    expect(last(2, 3)).toBe('(2 more are ok, 1 is switched off: --all)')
  })
  it('tells cameras apart that it leaves out because of their schedule', () => {
    const scheduled = { record: false, by: 'schedule', at: null, until: now + 1 }
    const shown = [report('a', { health: 'off', wish: scheduled })]
    const last = (off: number, outsideSchedule: number, omitted: number) =>
      renderStatus(status(shown, { summary: { ...summary, off, outsideSchedule }, omitted }), PLAIN)
        .split('\n')
        .at(-1)
    expect(last(3, 3, 2)).toBe('(2 more are outside of their schedule: --all)')
    expect(last(4, 2, 5)).toBe('(2 more are ok, 2 are switched off, 1 is outside of its schedule: --all)')
  })
  it('says who switched a camera off, and until when a schedule does', () => {
    const reason = 'outside of its schedule until 07:00'
    const night = report('a', { health: 'off', reason, wish: { record: false, by: 'schedule', at: null, until: now } })
    expect(renderStatus(status([night]), PLAIN)).toMatch(/^a +off .* outside of its schedule until 07:00$/m)
    const off = report('a', { health: 'off', wish: { record: false, by: 'anna', at: now, until: null } })
    expect(renderStatus(status([off]), PLAIN)).toContain(`stopped by anna, ${formatTime(now)}`)
    const never = report('a', { health: 'off', wish: { record: false, by: 'configuration', at: null, until: null } })
    expect(renderStatus(status([never]), PLAIN)).toContain('not recorded by configuration')
  })
  it('names a worker in trouble', () => {
    const worker = {
      slot: 1,
      pid: null,
      version: null,
      startedAt: null,
      adopted: false,
      restarts: 5,
      cameras: 3,
      trouble: 'it is not running',
      gateway: null,
      gatewayTrouble: '127.0.0.1:8654: the port is in use by another program',
      viewing: null,
      viewingTrouble: null,
      memory: null,
    }
    const lines = renderStatus(status([], { workers: [worker, { ...worker, slot: 2 }] }), PLAIN).split('\n')
    expect(lines).toContain('! media worker 1: it is not running')
    expect(
      lines.filter(line => line.startsWith('! no viewer can join: gateway 127.0.0.1:8654: the port')),
    ).toHaveLength(1)
  })
  it('tells a stream as far as it is known', () => {
    const { main } = report('a')
    expect(describeStream({ ...main!, codec: 'h265', audio: 'aac', fps: 7.5, width: null, gop: null })).toBe(
      'H.265 7.5 fps 4.1 Mbps + AAC',
    )
    expect(describeStream({ ...main!, state: 'stalled' })).toBe('')
    expect(describeStream(null)).toBe('')
  })
})

it('a watched status never pushes its answer off the terminal', () => {
  const text = ['answer', ...Array.from({ length: 9 }, (_, i) => `camera ${i}`)].join('\n')
  expect(fitScreen(text, 80, 11)).toBe(text)
  expect(fitScreen(text, 80, 5)).toBe('answer\ncamera 0\ncamera 1\n(7 more lines; the terminal is full)')
  // Each line takes two rows of a terminal so narrow; colours take none.
  expect(fitScreen(`\x1b[31m${'x'.repeat(8)}\x1b[39m\n${text}`, 8, 5).split('\n')).toHaveLength(4)
  expect(fitScreen(text, 4, 6)).toBe('answer\ncamera 0\n(8 more lines; the terminal is full)')
  expect(fitScreen(text, 4, 1)).toBe('answer\n(9 more lines; the terminal is full)')
  expect(fitScreen(text, 0, 0)).toBe(text)
})

it('columns line up, colours or not, and empty ones are left out', () => {
  const red = (text: string) => `\x1b[31m${text}\x1b[39m`
  expect(
    renderColumns(
      ['a', 'b', 'c'],
      [
        ['1', '', red('x')],
        ['22', '', 'yy'],
      ],
    ),
  ).toBe(`a   c\n1   ${red('x')}\n22  yy`)
})

it('colours only a terminal that wants them', async () => {
  expect(await paletteFor({ isTTY: false }, {})).toBe(PLAIN)
  expect(await paletteFor({ isTTY: true }, { NO_COLOR: '1' })).toBe(PLAIN)
  expect(await paletteFor({ isTTY: true }, { TERM: 'dumb' })).toBe(PLAIN)
  expect((await paletteFor({ isTTY: true }, {})).bad('x')).toBe('\x1b[31mx\x1b[39m')
})

it('says what record start and stop did', () => {
  const say = (record: boolean | null, cameras: string[], changed: string[]) =>
    describeRecordResult({ record, cameras, changed })
  expect(say(true, ['a'], ['a'])).toBe('Recording a.')
  expect(say(false, ['a', 'b'], ['a'])).toBe('No longer recording a (1 already off).')
  expect(say(true, ['a', 'b'], [])).toBe('All 2 cameras are already to be recorded.')
  expect(say(false, ['a'], [])).toBe('a is already switched off.')
})

it('says what record auto did', () => {
  const say = (cameras: string[], changed: string[]) => describeRecordResult({ record: null, cameras, changed })
  expect(say(['a'], ['a'])).toBe('a follows the configuration again.')
  expect(say(['a', 'b', 'c'], ['a', 'b'])).toBe('2 cameras follow the configuration again (1 did already).')
  expect(say(['a'], [])).toBe('a follows the configuration already.')
  expect(say(['a', 'b'], [])).toBe('All 2 cameras follow the configuration already.')
})

it('record status says who wants what, and until when, by the clocks of the site', () => {
  const wish = (record: boolean, by: string, at: number | null, until: number | null) => ({ record, by, at, until })
  const cameras = [
    report('open', { wish: wish(true, 'schedule', null, now + 6 * 3_600_000) }),
    report('shut', {
      health: 'off',
      reason: 'outside of its schedule until Thursday 07:00',
      wish: wish(false, 'schedule', null, Date.parse('2026-11-26T07:00:00+01:00')),
    }),
    report('held', { wish: wish(true, 'anna', now, null) }),
    report('all', { wish: wish(true, 'configuration', null, null) }),
  ]
  const lines = renderRecording(status(cameras), PLAIN).split('\n')
  expect(lines[1]).toMatch(/^open +on +schedule, until 19:00 +recording /)
  expect(lines[2]).toMatch(/^shut +off +schedule, from Thursday 07:00 +- /)
  expect(lines[3]).toMatch(/^held +on +anna, since \d/)
  expect(lines[4]).toMatch(/^all +on +configuration +recording /)
})

it('a log line shows no password', () => {
  const line = {
    time: null,
    level: 'warn' as const,
    source: 'daemon',
    camera: 'a',
    message: 'at rtsp://u:secret@h/',
    fields: { n: 1 },
  }
  const text = formatLogLine(line, PLAIN)
  expect(text).toContain('n=1')
  expect(text).not.toContain('secret')
})
