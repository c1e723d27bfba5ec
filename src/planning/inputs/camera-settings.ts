import { assumed, known, type Setting, type Standard } from './setting.ts'
import type { Codec, Resolution, Spread } from './types.ts'
import { bitRate, choice, integer, number, onOff, orWord, share, spread } from './value-type.ts'

/** Cameras of one plan. */
export const MOST_CAMERAS = 1_000_000

const triple = (p10: number, p50: number, p90: number): Spread => ({ p10, p50, p90 })

/** Bit/s of H.264 at 15 to 30 frames a second, by day. */
const H264: Readonly<Record<Resolution, Spread>> = {
  vga: triple(0.5e6, 1e6, 1.5e6),
  '720p': triple(1.2e6, 2.3e6, 3.5e6),
  '1080p': triple(2e6, 4e6, 6e6),
  '4mp': triple(3.5e6, 6e6, 9e6),
  '5mp': triple(4e6, 7e6, 10e6),
  '4k': triple(8e6, 14e6, 20e6),
}
/** What H.265 leaves of it in like scenes; makers promise half, tests found 10 to 20 % less. */
const H265_SHARE = 0.85
/** Below so many frames a second a stream shrinks with them. */
const FULL_RATE = 15
const SUB: Spread = triple(0.2e6, 0.5e6, 1e6)

function bitRateOf(codec: Codec, resolution: Resolution, fps: number): Standard {
  const share = (codec === 'h265' ? H265_SHARE : 1) * Math.min(1, fps / FULL_RATE)
  const { p10, p50, p90 } = H264[resolution]
  return assumed(
    triple(p10 * share, p50 * share, p90 * share),
    `between what makers and field tables give for ${resolution}: Genetec, Milestone, Unifore, Seagate; the spread is ours`,
  )
}

export const CAMERA_SETTINGS: readonly Setting[] = [
  {
    key: 'cameras',
    name: 'cameras',
    group: 'CAMERAS',
    help: 'number of cameras; of a mix by kind, the number that the mix is brought to',
    type: integer({ min: 0, max: MOST_CAMERAS }),
    path: 'count',
    ofKind: true,
    standard: assumed(0, 'none'),
  },
  {
    key: 'codec',
    name: 'codec',
    group: 'CAMERAS',
    help: 'of the main stream',
    type: choice(['h264', 'h265']),
    path: 'codec',
    ofKind: true,
    standard: assumed('h264', 'what every viewer can show'),
  },
  {
    key: 'resolution',
    name: 'resolution',
    group: 'CAMERAS',
    help: 'of the main stream',
    type: choice(['vga', '720p', '1080p', '4mp', '5mp', '4k']),
    path: 'resolution',
    ofKind: true,
    standard: assumed('1080p', 'the size that most published sizing is for'),
  },
  {
    key: 'fps',
    name: 'frame rate',
    group: 'CAMERAS',
    help: 'frames a second of the main stream',
    type: number({ min: 0, max: 240, above: true }),
    path: 'fps',
    ofKind: true,
    standard: assumed(25, 'as most published sizing'),
  },
  {
    key: 'bitrate',
    name: 'bit rate',
    group: 'CAMERAS',
    help: 'of the main stream by day; one value is taken as P50 with the spread of the default',
    type: spread(bitRate({ min: 0, above: true, max: 1e10 }), H264['1080p']),
    path: 'main',
    ofKind: true,
    standard: get => bitRateOf(get('codec') as Codec, get('resolution') as Resolution, get('fps') as number),
  },
  {
    key: 'sub-bitrate',
    name: 'bit rate of sub-streams',
    group: 'CAMERAS',
    help: 'bit rate of the sub-stream, or none',
    type: orWord('none', spread(bitRate({ min: 0, above: true, max: 1e10 }), SUB)),
    path: 'sub',
    ofKind: true,
    standard: known('assumption', SUB, 'about a tenth of the main stream (Network Optix); the spread is ours'),
  },
  {
    key: 'smart-codec',
    name: 'smart codec',
    group: 'CAMERAS',
    help: 'Zipstream, H.265+ or the like saves on top of --bitrate',
    type: onOff,
    path: 'smart',
    ofKind: true,
    standard: assumed(false, 'not every camera has one'),
  },
  {
    key: 'hours',
    name: 'recorded hours',
    group: 'CAMERAS',
    help: 'hours of a day in which cameras are recorded',
    type: number({ min: 0, max: 24 }),
    path: 'hours',
    ofKind: true,
    standard: assumed(24, 'all the time'),
  },
  {
    key: 'motion',
    name: 'motion share',
    group: 'CAMERAS',
    help: 'share of those hours that is kept; less than 100% is recording on motion',
    type: share({ min: 0, above: true }),
    path: 'motion',
    ofKind: true,
    standard: assumed(1, 'all of it is kept'),
  },
  {
    key: 'correlation',
    name: 'correlation of bit rates',
    group: 'CAMERAS',
    help: 'between any two cameras: weather and light come to all of them',
    type: number({ min: 0, max: 1 }),
    path: 'correlation',
    standard: assumed(0.3, 'no published figure; 0 would make 200 cameras look certain'),
  },
  {
    key: 'night-hours',
    name: 'hours of night',
    group: 'CAMERAS',
    help: 'hours of a day with gain noise in the pictures',
    type: number({ min: 0, max: 24 }),
    path: 'night.hours',
    standard: assumed(10, 'half the year has more, half has less'),
  },
  {
    key: 'night-factor',
    name: 'night factor',
    group: 'CAMERAS',
    help: 'by how much streams grow at night',
    type: spread(number({ min: 0.1, max: 10 })),
    path: 'night.factor',
    standard: known(
      'secondary',
      triple(1, 1.5, 2),
      'up to twice in H.264; between nothing and that is our assumption',
      'http://www.securitymagazine.com/articles/83041-finding-storage-solutions-for-day-to-night-surveillance',
    ),
  },
  {
    key: 'smart-day',
    name: 'smart codec by day',
    group: 'CAMERAS',
    help: 'what a smart codec leaves of a stream by day',
    type: spread(share({ min: 0, above: true })),
    path: 'smart.day',
    standard: assumed(
      triple(0.4, 0.6, 0.8),
      'Axis promises half on average, tests saw 40 % and more saved in still scenes',
    ),
  },
  {
    key: 'smart-night',
    name: 'smart codec at night',
    group: 'CAMERAS',
    help: 'the same at night',
    type: spread(share({ min: 0, above: true })),
    path: 'smart.night',
    standard: assumed(triple(0.8, 0.9, 1), 'noise looks like motion'),
  },
]
