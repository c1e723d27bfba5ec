import { VmsError } from '../../kernel/errors.ts'
import { wholeUp } from '../maths/whole-up.ts'

export const RAID_LEVELS = ['none', 'raid0', 'raid1', 'raid5', 'raid6', 'raid10'] as const
export type RaidLevel = (typeof RAID_LEVELS)[number]

const MINIMUM: Readonly<Record<RaidLevel, number>> = { none: 1, raid0: 2, raid1: 2, raid5: 3, raid6: 4, raid10: 4 }
const NAMES: Readonly<Record<RaidLevel, string>> = {
  none: 'no RAID',
  raid0: 'RAID-0',
  raid1: 'RAID-1',
  raid5: 'RAID-5',
  raid6: 'RAID-6',
  raid10: 'RAID-10',
}

/** `RAID-6` of `raid6`. */
export function raidName(level: RaidLevel): string {
  return NAMES[level]
}

/** Disks of a group that hold data. Throws VMS_E_USAGE for a group that the level cannot have (RAID-6 of 3 disks). */
export function dataDisks(level: RaidLevel, disks: number): number {
  if (disks < MINIMUM[level])
    throw new VmsError(
      'VMS_E_USAGE',
      `${raidName(level)} of ${disks} disks cannot be: it needs ${MINIMUM[level]} or more`,
    )
  if (level === 'raid10' && disks % 2 !== 0)
    throw new VmsError('VMS_E_USAGE', `RAID-10 of ${disks} disks cannot be: it needs an even number of them`)
  if (level === 'raid1') return 1
  if (level === 'raid10') return disks / 2
  return disks - { none: 0, raid0: 0, raid5: 1, raid6: 2 }[level]
}

export interface RaidRoom {
  /** Bytes for data. */
  usable: number
  /** Bytes that parity, mirrors and spares take. */
  lost: number
  raw: number
}

/** Room of `disks` in all, of which `spares` stand by and the rest are in `groups`, as equal as they can be. */
export function raidUsable(of: {
  level: RaidLevel
  disks: number
  size: number
  groups?: number
  spares?: number
}): RaidRoom {
  const { groups = 1, spares = 0 } = of
  const working = Math.max(0, of.disks - spares)
  // Mirrors come in pairs: their groups differ by two disks where others differ by one.
  const step = of.level === 'raid10' ? 2 : 1
  const small = Math.floor(working / groups / step) * step
  const large = (working - small * groups) / step
  if (!Number.isInteger(large)) dataDisks(of.level, working)
  const smallData = dataDisks(of.level, small) * (groups - large)
  const usable = (smallData + (large === 0 ? 0 : dataDisks(of.level, small + step) * large)) * of.size
  const raw = of.disks * of.size
  return { usable, lost: raw - usable, raw }
}

export interface RaidGroups extends RaidRoom {
  groups: number
  /** Disks to buy, spares among them. */
  disks: number
}

/** Groups of so many disks that hold `need` bytes, and what that is in disks; none for no need. */
export function raidGroups(of: {
  need: number
  level: RaidLevel
  group: number
  size: number
  spares: number
}): RaidGroups {
  const each = dataDisks(of.level, of.group) * of.size
  const groups = wholeUp(of.need / each)
  const disks = groups === 0 ? 0 : groups * of.group + of.spares
  const usable = groups * each
  return { groups, disks, usable, lost: disks * of.size - usable, raw: disks * of.size }
}
