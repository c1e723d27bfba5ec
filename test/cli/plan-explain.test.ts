import { describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

const run = (...args: string[]) => runCommand(['plan', 'explain', ...args])

describe('plan explain', () => {
  it('answers in its first line, then says where everything comes from', async () => {
    const { out, code } = await run('storage.volume', '--set', 'bitrate=6Mbps', '--set', 'days=60')
    expect(code).toBe(0)
    expect(out).toMatch(/^storage.volume = 777.6 TB \(video on disk\)\n/)
    expect(out).toContain('bitrate / 8 x 3600 x hours x days x cameras')
    expect(out).toMatch(/^bitrate +6 Mbps +4 Mbps +given/m)
    expect(out).toMatch(/^cameras +200 +assumption/m)
    expect(out).toContain('gives 259.2 TB')
  })

  it('lists all formulas, or those of a group', async () => {
    const { out } = await run()
    expect(out).toMatch(/^storage\.volume +Video on disk +bitrate, hours, days, cameras$/m)
    expect(out).toContain('architecture.edge')
    const raid = await run('raid', '--json')
    expect(JSON.parse(raid.out).formulas.map((each: { id: string }) => each.id)).toEqual([
      'raid.usable',
      'raid.groups',
      'raid.ure',
      'raid.rebuild',
    ])
    expect((await run('raid', '--set', 'disks=3')).code).toBe(2)
  })

  it('gives a line for each value of a list', async () => {
    const { out } = await run('erlang.b', '-s', 'load=10,20', '-s', 'servers=30')
    expect(out).toMatch(/^load +blocking\n10 +0\.0000002\d+ %|^10 +\S+ %$/m)
    expect(out).toMatch(/^20 +0\.8457\d+ %$/m)
    const json = JSON.parse((await run('uplink.drain', '-s', 'bitrate=64Mbps,300Mbps', '--json')).out)
    expect(json.result).toEqual({ value: [expect.closeTo(3_388.235294, 5), null], unit: 's' })
    expect((await run('uplink.drain', '-s', 'bitrate=64Mbps,300Mbps')).out).toMatch(/^300 Mbps +endless/m)
  })

  it('says nothing with --quiet, and ends with the code of what was wrong', async () => {
    expect(await run('erlang.b', '--quiet')).toEqual({ code: 0, out: '', err: '' })
    const unknown = await run('erlang.d')
    expect([unknown.code, unknown.err]).toEqual([
      3,
      expect.stringMatching(/no formula is called "erlang.d".*did you mean/s),
    ])
    const unitless = await run('storage.volume', '--set', 'bitrate=4')
    expect([unitless.code, unitless.err]).toEqual([2, expect.stringMatching(/"4" of what.*bps, kbps, Mbps, Gbps/s)])
    const json = await run('storage.volume', '--set', 'bitrte=4Mbps', '--json')
    expect([json.code, JSON.parse(json.out).error]).toEqual([
      2,
      expect.objectContaining({ code: 'VMS_E_USAGE', hint: 'did you mean "bitrate"?' }),
    ])
  })
})
