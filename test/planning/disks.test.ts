import { describe, expect, it } from 'vitest'
import { RAID_LEVELS, raidUsable } from '../../src/planning/storage/raid.ts'
import { exact, product } from './rational.ts'
import { expectNear, figure, figures } from './support.ts'

/** 1 - (1 - u)^n in fixed point of 400 bits, by squaring: another way than logarithms. */
function anyOfMany(u: string, n: bigint): number {
  const one = 1n << 400n
  const rate = exact(u)
  let power = one - (one * rate.above) / rate.below
  let result = one
  for (let rest = n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * power) / one
    power = (power * power) / one
  }
  return Number(((one - result) << 80n) / one) / 2 ** 80
}

describe('disks (vectors R1 to R12)', () => {
  it('R1: 12 disks of 16 TB', () => {
    const usable = (level: string) => figure('raid.usable', `level=${level}`, 'disks=12', 'size=16TB')
    expect(['RAID-5', 'raid6', '10'].map(usable)).toEqual([176, 160, 96])
  })

  it("R2: AxxonSoft's 28 disks in two groups with a spare", () => {
    const of = figures('raid.usable', 'level=raid6', 'disks=28', 'size=4TB', 'groups=2', 'spares=1')
    expect(of).toMatchObject({ usable: 92, lost: 20, raw: 112 })
    expectNear(of['usable-tib'], 92e12 / 2 ** 40)
  })

  it('R3: room to buy for 259.2 TB', () => {
    const required = figure('storage.required', 'need=259.2TB', 'filesystem=5%', 'headroom=20%')
    const left = exact(1)
      .minus(exact('0.05'))
      .times(exact(1).minus(exact('0.2')))
    expectNear(required, exact('259.2').by(left).number(), 1e-14)
    expectNear(required * 0.76, 259.2, 1e-14)
  })

  it('R4: groups for that', () => {
    const need = figure('storage.required', 'need=259.2TB', 'filesystem=5%', 'headroom=20%')
    const of = figures('raid.groups', `need=${need}TB`, 'level=raid6', 'group=12', 'size=20TB', 'spares=1')
    const groups = exact('259.2').by(exact('0.76')).by(product(10, 20)).up()
    expect(of).toMatchObject({ groups, disks: groups * 12 + 1, usable: groups * 200 })
    // The other way: the fewest groups whose room is enough.
    let least = 0
    while (
      figure(
        'raid.usable',
        'level=raid6',
        `disks=${12 * Math.max(1, least)}`,
        `groups=${Math.max(1, least)}`,
        'size=20TB',
      ) *
        Math.min(1, least) <
      need
    )
      least++
    expect(least).toBe(groups)
  })

  it('R5: days that two groups hold, the inverse of R3', () => {
    const days = figure('storage.retention', 'usable=320TB', 'daily=8.64TB', 'filesystem=5%', 'headroom=20%')
    expectNear(days, product(320, '0.95', '0.8').by(exact('8.64')).number(), 1e-14)
    expectNear(figure('storage.required', `need=${days * 8.64}TB`, 'filesystem=5%', 'headroom=20%'), 320, 1e-13)
  })

  it('R6: a read error while 11 disks of 16 TB are read', () => {
    const chance = figure('raid.ure', 'disks=11', 'size=16TB', 'rate=1e-15')
    expectNear(chance, anyOfMany('1e-15', 11n * 16n * 10n ** 12n * 8n), 1e-12)
    expectNear(chance, 1 - Math.exp(-1.408), 1e-6)
    expectNear(figure('raid.ure', 'disks=1', 'size=1B', 'rate=1e-20'), 8e-20, 1e-12)
  })

  it('R7: a rebuild', () => expectNear(figure('raid.rebuild', 'size=16TB', 'speed=100MB/s'), 44.444444, 1e-7))

  it('R8: a failed disk among 25 within a year', () => {
    const chance = figure('disk.any-failure', 'disks=25', 'afr=1.36%')
    expectNear(
      chance,
      exact(1)
        .minus(exact(1).minus(exact('0.0136')).power(25))
        .number(),
      1e-13,
    )
    expectNear(chance, anyOfMany('0.0136', 25n), 1e-13)
  })

  it('R9, R10: what 800 Mbps is to ten data disks, and the disks that a rating asks for', () => {
    const of = figures('disk.workload', 'bitrate=800Mbps', 'data-disks=10', 'rating=180TB/y')
    expectNear(of.total, 100)
    expectNear(of['total-year'], 3_153.6)
    expectNear(of.each, 10)
    expectNear(of['each-year'], 315.36)
    expect(of['disks-for-rating']).toBe(18)
    expect(figures('disk.workload', 'bitrate=800Mbps', 'rating=550TB/y')['disks-for-rating']).toBe(6)
  })

  it("R11: AxxonSoft's operations a second", () => {
    const large = figures('disk.iops', 'bitrate=4Mbps', 'cameras=200')
    expectNear(large.writes, 52)
    expectNear(large.reads, 28)
    const small = figures('disk.iops', 'bitrate=2Mbps', 'cameras=200')
    expectNear(small.writes, 58)
    expectNear(small.reads, 14)
    expect(figures('disk.iops', 'cameras=0')).toEqual({ writes: 0, reads: 0 })
  })

  it('R12: the life of an edge disk', () => {
    const of = figures('ssd.life', 'size=960GB', 'dwpd=1', 'years=5', 'bitrate=64Mbps')
    expectNear(of.endurance, 1_752)
    expectNear(of.written, 252.288)
    expectNear(of.life, 6.944444, 1e-7)
  })

  it('has groups as equal as they can be, and refuses what cannot be', () => {
    for (const level of RAID_LEVELS.filter(each => each !== 'raid1')) {
      const whole = raidUsable({ level, disks: 24, size: 1, groups: 2 }).usable
      expect(whole).toBe(2 * raidUsable({ level, disks: 12, size: 1 }).usable)
    }
    expect(raidUsable({ level: 'raid10', disks: 22, size: 1, groups: 2 }).usable).toBe(11)
    expect(raidUsable({ level: 'raid1', disks: 7, size: 1, groups: 3 })).toEqual({ usable: 3, lost: 4, raw: 7 })
    expect(() => raidUsable({ level: 'raid6', disks: 3, size: 1 })).toThrow('RAID-6 of 3 disks cannot be: it needs 4')
    expect(() => raidUsable({ level: 'raid10', disks: 21, size: 1, groups: 2 })).toThrow('even number')
    expect(() => raidUsable({ level: 'raid5', disks: 12, size: 1, groups: 5 })).toThrow('RAID-5 of 2 disks')
    expect(() => raidUsable({ level: 'none', disks: 1, size: 1, spares: 5 })).toThrow('no RAID of 0 disks')
  })
})
