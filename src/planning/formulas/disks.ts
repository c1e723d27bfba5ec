import { diskOperations, diskWorkload, ssdLife } from '../storage/disk-load.ts'
import { anyDiskFailure, readErrorProbability, rebuildSeconds } from '../storage/disk-risk.ts'
import { RAID_LEVELS, raidGroups, raidUsable } from '../storage/raid.ts'
import { allRates, cameras, count, mainRate, number, share, terabytes } from './common-inputs.ts'
import { type ChoiceInput, formula, type QuantityInput } from './formula.ts'
import { DURATION, SHARE, SIZE, SPEED, YEARLY, YEARS } from './quantities.ts'
import { SOURCES } from './sources.ts'

const level = {
  type: 'choice',
  words: RAID_LEVELS,
  default: 'raid6',
  meaning: 'RAID level of a group',
  grade: 'vendor',
  source: SOURCES.milestoneStorage,
} as const satisfies ChoiceInput
const size = () => terabytes('size of a disk', 16, { above: true })

const speed: QuantityInput = { ...terabytes('speed of the rebuild', 100, { above: true }), kind: SPEED, unit: 'MB/s' }
const rating: QuantityInput = {
  ...terabytes('workload that a disk is rated for', 180, {
    grade: 'secondary',
    source: SOURCES.skyhawk,
    above: true,
  }),
  kind: YEARLY,
  unit: 'TB/y',
}
const years: QuantityInput = { ...number('years of the rating', 5, { max: 100 }), kind: YEARS, unit: 'y' }
const room = {
  usable: { meaning: 'room for data', unit: 'TB', kind: SIZE },
  'usable-tib': { meaning: 'the same as operating systems show it', unit: 'TiB', kind: SIZE },
  lost: { meaning: 'parity, mirrors and spares', unit: 'TB', kind: SIZE },
  raw: { meaning: 'disks as bought', unit: 'TB', kind: SIZE },
} as const

export const DISKS = [
  formula({
    id: 'raid.usable',
    title: 'Room of a RAID',
    expression: '(disks - spares - groups x parity) x size',
    words: 'Each group gives up one disk (RAID-5), two (RAID-6) or half of them (RAID-10); spares hold nothing.',
    inputs: {
      level,
      disks: count('disks, spares among them', 12, { max: 100_000 }),
      size: size(),
      groups: count('groups, as equal as they can be', 1, { min: 1, max: 10_000 }),
      spares: count('hot spares', 0, { max: 10_000 }),
    },
    results: room,
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { level: 'raid6', disks: '28', size: '4TB', groups: '2', spares: '1' },
    evaluate: values => {
      const of = raidUsable(values)
      return { ...of, 'usable-tib': of.usable }
    },
  }),
  formula({
    id: 'raid.groups',
    title: 'Groups and disks for a need',
    expression: 'ceil(need / ((group - parity) x size)), and x group + spares',
    words: 'Groups are bought whole; the spares stand by for all of them.',
    inputs: {
      need: terabytes('room that is needed', 341.0526315789474),
      level,
      group: count('disks of a group', 12, { min: 1, max: 1_000 }),
      size: size(),
      spares: count('hot spares', 1, { max: 10_000 }),
    },
    results: {
      groups: { meaning: 'groups', unit: 'groups' },
      disks: { meaning: 'disks to buy, spares among them', unit: 'disks' },
      ...room,
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { need: '341.0526315789474TB', level: 'raid6', group: '12', size: '20TB', spares: '1' },
    evaluate: values => {
      const of = raidGroups(values)
      return { ...of, 'usable-tib': of.usable }
    },
  }),
  formula({
    id: 'raid.ure',
    title: 'A read error during a rebuild',
    expression: '1 - (1 - rate)^(disks x size x 8)',
    words: 'Every bit of the disks that are left is read; one that cannot be read ends a RAID-5 rebuild.',
    inputs: {
      disks: count('disks that are read whole', 11, { max: 100_000 }),
      size: size(),
      rate: number('unrecoverable errors a bit', 1e-15, { max: 0.001 }),
    },
    results: { probability: { meaning: 'chance of at least one', unit: 'share', kind: SHARE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { disks: '11', size: '16TB', rate: '1e-15' },
    evaluate: values => ({ probability: readErrorProbability(values) }),
  }),
  formula({
    id: 'raid.rebuild',
    title: 'Time of a rebuild',
    expression: 'size / speed',
    words: 'A whole disk is written; while recording goes on the speed is a half or less of what the disk can do.',
    inputs: { size: size(), speed },
    results: { time: { meaning: 'time', unit: 'h', kind: DURATION } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { size: '16TB', speed: '100MB/s' },
    evaluate: values => ({ time: rebuildSeconds(values) }),
  }),
  formula({
    id: 'disk.any-failure',
    title: 'A failed disk within a year',
    expression: '1 - (1 - afr)^disks',
    words: 'Disks fail independently; a bad batch does not, for which set afr to 5 % or more.',
    inputs: {
      disks: count('disks', 25),
      afr: share('failures a year of one disk', 0.0136, { grade: 'vendor', source: SOURCES.backblaze }),
    },
    results: { probability: { meaning: 'chance of at least one', unit: 'share', kind: SHARE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { disks: '25', afr: '1.36%' },
    evaluate: values => ({ probability: anyDiskFailure(values) }),
  }),
  formula({
    id: 'disk.workload',
    title: 'What recording is to the disks',
    expression: 'bitrate / 8 x 86400 x 365, by data-disks, and by rating',
    words: 'When whole stripes are written every data disk takes its part; parity disks take as much each.',
    inputs: {
      bitrate: allRates(800),
      'data-disks': count('disks that hold data', 10, { min: 1 }),
      rating,
    },
    results: {
      'total-year': { meaning: 'written a year, parity not counted', unit: 'TB/y', kind: YEARLY },
      total: { meaning: 'written a second', unit: 'MB/s', kind: SPEED },
      each: { meaning: 'by one data disk a second', unit: 'MB/s', kind: SPEED },
      'each-year': { meaning: 'by one data disk a year', unit: 'TB/y', kind: YEARLY },
      'disks-for-rating': { meaning: 'data disks that stay within the rating', unit: 'disks' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { bitrate: '800Mbps', 'data-disks': '10', rating: '180TB/y' },
    evaluate: values => {
      const of = diskWorkload({ ...values, dataDisks: values['data-disks'] })
      const { total, each } = of
      return {
        'total-year': of.totalYear,
        total,
        each,
        'each-year': of.eachYear,
        'disks-for-rating': of.disksForRating,
      }
    },
  }),
  formula({
    id: 'disk.iops',
    title: 'Disk operations a second',
    expression: 'writes: bitrate > 3.6 Mbps ? 0.065 x M : 0.29 x cameras; reads: 0.035 x M, with M = all Mbps',
    words: 'Large streams cost by their bits, small ones by the camera; reads are for playback.',
    inputs: { bitrate: mainRate(), cameras: cameras() },
    results: {
      writes: { meaning: 'writes a second', unit: 'IOPS' },
      reads: { meaning: 'reads a second', unit: 'IOPS' },
    },
    grade: 'vendor',
    source: SOURCES.axxonDisks,
    example: { bitrate: '4Mbps', cameras: '200' },
    evaluate: values => ({ ...diskOperations(values) }),
  }),
  formula({
    id: 'ssd.life',
    title: 'Life of a solid-state disk',
    expression: 'size x dwpd x years x 365 / (bitrate / 8 x 86400 x 365)',
    words: 'What the warranty lets one write, by what recording writes a year.',
    inputs: {
      size: terabytes('size of the disk', 0.96, { above: true }),
      dwpd: number('drive writes a day that it is rated for', 1, { max: 1_000 }),
      years,
      bitrate: allRates(64),
    },
    results: {
      life: { meaning: 'life', unit: 'y', kind: YEARS },
      endurance: { meaning: 'endurance (TBW)', unit: 'TB', kind: SIZE },
      written: { meaning: 'written a year', unit: 'TB/y', kind: YEARLY },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { size: '960GB', dwpd: '1', years: '5', bitrate: '64Mbps' },
    evaluate: values => {
      const of = ssdLife(values)
      return { life: of.years, endurance: of.endurance, written: of.writtenYear }
    },
  }),
]
