import { dataDisks, type RaidLevel } from './raid.ts'

export interface DiskGroups {
  readonly groups: number
  readonly spares: number
  /** Disks that hold data, over all groups. */
  readonly data: number
}

/** Disks for which one hot spare stands by when nobody says how many. */
const DISKS_FOR_A_SPARE = 30

/** Hot spares of so many disks, when nobody says: one for every 30, to the nearest. */
export function usualSpares(disks: number): number {
  return Math.round(disks / DISKS_FOR_A_SPARE)
}

/**
 * How `disks` that are there make groups of at most `group` disks, as alike as can be, when `spares` stand by (null: the usual number).
 * Throws VMS_E_USAGE for groups that the level cannot have.
 */
export function diskGroups(of: { disks: number; group: number; raid: RaidLevel; spares: number | null }): DiskGroups {
  const spares = of.spares ?? usualSpares(of.disks)
  const left = Math.max(0, of.disks - spares)
  if (left === 0) return { groups: 0, spares: of.disks, data: 0 }
  const groups = Math.ceil(left / of.group)
  const small = Math.floor(left / groups)
  const larger = left - small * groups
  // Mirrors are in pairs: what does not fill a group is a fault of the number and not of the split.
  if (of.raid === 'raid10') return { groups, spares, data: dataDisks('raid10', left) }
  const data =
    (groups - larger) * dataDisks(of.raid, small) + (larger === 0 ? 0 : larger * dataDisks(of.raid, small + 1))
  return { groups, spares, data }
}
