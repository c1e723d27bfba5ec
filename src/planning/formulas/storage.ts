import { VmsError } from '../../kernel/errors.ts'
import { motionBitrate, motionShare } from '../storage/motion.ts'
import { axxonMegabytesPerHour, dahuaMegabytesPerHour } from '../storage/vendor-forms.ts'
import {
  bitrateOfDaily,
  frameVolume,
  meanBitrate,
  plannedVolume,
  requiredCapacity,
  retentionDays,
  storageVolume,
} from '../storage/volume.ts'
import {
  allRates,
  bitRate,
  cameras,
  count,
  days,
  fileSystem,
  headroom,
  hours,
  mainRate,
  number,
  seconds,
  share,
  subRate,
  terabytes,
} from './common-inputs.ts'
import { formula } from './formula.ts'
import { BIT_RATE, DAYS, SHARE, SIZE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const kept = () => days('days that are kept', 30)
const daily = () => hours('hours a day that are recorded', 24, { source: SOURCES.owner })

export const STORAGE = [
  formula({
    id: 'storage.volume',
    title: 'Video on disk',
    expression: 'bitrate / 8 x 3600 x hours x days x cameras',
    words: 'Bytes are bits by eight; every second that is recorded counts.',
    inputs: { bitrate: mainRate(), hours: daily(), days: kept(), cameras: cameras() },
    results: { volume: { meaning: 'video on disk', unit: 'TB', kind: SIZE } },
    grade: 'derived',
    source: SOURCES.decimal,
    example: { bitrate: '4Mbps', hours: '24', days: '30', cameras: '200' },
    evaluate: values => ({ volume: storageVolume(values) }),
  }),
  formula({
    id: 'storage.bitrate',
    title: 'Bit rate behind a volume a day',
    expression: 'daily x 8 / 86400',
    words: 'The inverse of storage.volume for one camera and one day.',
    inputs: { daily: terabytes('bytes a day', 0.045, { grade: 'secondary', source: SOURCES.seagate45 }) },
    results: { bitrate: { meaning: 'mean bit rate', unit: 'Mbps', kind: BIT_RATE } },
    grade: 'derived',
    source: SOURCES.decimal,
    example: { daily: '45GB' },
    evaluate: ({ daily: bytes }) => ({ bitrate: bitrateOfDaily(bytes) }),
  }),
  formula({
    id: 'storage.day-night',
    title: 'Days and noisy nights',
    expression: '(day x day-hours + night x night-hours) / (day-hours + night-hours)',
    words: 'The mean of the bit rates of day and night, each weighted by its hours, and the volume that it makes.',
    inputs: {
      day: mainRate(),
      'day-hours': hours('hours of daylight or light', 14),
      night: bitRate('bit rate at night', 8, { grade: 'secondary', source: SOURCES.night }),
      'night-hours': hours('hours of night', 10),
      days: kept(),
      cameras: cameras(),
    },
    results: {
      mean: { meaning: 'mean bit rate of a camera', unit: 'Mbps', kind: BIT_RATE },
      volume: { meaning: 'video of all cameras on disk', unit: 'TB', kind: SIZE },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { day: '4Mbps', 'day-hours': '14', night: '8Mbps', 'night-hours': '10' },
    evaluate: values => {
      const parts = [
        { bitrate: values.day, hours: values['day-hours'] },
        { bitrate: values.night, hours: values['night-hours'] },
      ]
      const recorded = values['day-hours'] + values['night-hours']
      if (recorded > 24)
        throw new VmsError('VMS_E_USAGE', `day-hours and night-hours are ${recorded} hours together; a day has 24`)
      const mean = meanBitrate(parts)
      return { mean, volume: storageVolume({ ...values, bitrate: mean, hours: recorded }) }
    },
  }),
  formula({
    id: 'storage.motion-share',
    title: 'Share of the time that motion records',
    expression: '1 - e^(-events-per-hour / 3600 x (event + pre + post))',
    words: 'Events come at random (Poisson) and are kept with what was before and after them; overlapping ones merge.',
    inputs: {
      'events-per-hour': number('events an hour', 20),
      event: seconds('length of an event', 12),
      pre: seconds('recorded before it', 5),
      post: seconds('recorded after it', 10),
    },
    results: { share: { meaning: 'share of the time that is recorded', unit: 'share', kind: SHARE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { 'events-per-hour': '20', event: '12s', pre: '5s', post: '10s' },
    evaluate: values => ({ share: motionShare({ ...values, eventsPerHour: values['events-per-hour'] }) }),
  }),
  formula({
    id: 'storage.motion-bitrate',
    title: 'Main stream on motion, sub-stream always',
    expression: 'share x main + sub',
    words: 'The main stream counts for the share of the time that it is recorded, the sub-stream always.',
    inputs: { share: share('share of the time with motion', 0.25), main: mainRate(), sub: subRate() },
    results: {
      bitrate: { meaning: 'mean bit rate', unit: 'Mbps', kind: BIT_RATE },
      daily: { meaning: 'video a day', unit: 'GB', kind: SIZE },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { share: '25%', main: '4Mbps', sub: '0.5Mbps' },
    evaluate: values => {
      const bitrate = motionBitrate(values)
      return { bitrate, daily: storageVolume({ bitrate, hours: 24, days: 1, cameras: 1 }) }
    },
  }),
  formula({
    id: 'storage.planned',
    title: 'A day with overhead and safety',
    expression: 'bitrate / 8 x 3600 x hours x (1 + overhead) x (1 + safety)',
    words: 'The safety margin is on top of the overhead, not beside it.',
    inputs: {
      bitrate: allRates(800),
      hours: daily(),
      overhead: share('container and index', 0.06),
      safety: share('safety margin', 0.1),
    },
    results: { volume: { meaning: 'video a day', unit: 'GB', kind: SIZE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { bitrate: '48.768Mbps', hours: '24', overhead: '6%', safety: '10%' },
    evaluate: values => ({ volume: plannedVolume(values) }),
  }),
  formula({
    id: 'storage.required',
    title: 'Disk room to buy for a need',
    expression: 'need / (1 - filesystem) / (1 - headroom)',
    words: 'What the file system takes and what is kept free come off the disk one after the other.',
    inputs: { need: terabytes('video to keep', 259.2), filesystem: fileSystem(), headroom: headroom() },
    results: { capacity: { meaning: 'room on the disks', unit: 'TB', kind: SIZE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { need: '259.2TB', filesystem: '5%', headroom: '20%' },
    evaluate: values => ({ capacity: requiredCapacity(values) }),
  }),
  formula({
    id: 'storage.retention',
    title: 'Days that the disks hold',
    expression: 'usable x (1 - filesystem) x (1 - headroom) / daily',
    words: 'The inverse of storage.required: room by what a day takes.',
    inputs: {
      usable: terabytes('room after RAID', 320),
      daily: terabytes('video a day', 8.64, { above: true }),
      filesystem: fileSystem(),
      headroom: headroom(),
    },
    results: { days: { meaning: 'days that are kept', unit: 'd', kind: DAYS } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { usable: '320TB', daily: '8.64TB', filesystem: '5%', headroom: '20%' },
    evaluate: values => ({ days: retentionDays(values) }),
  }),
  formula({
    id: 'storage.frames',
    title: 'Pictures of one size',
    expression: 'frame x fps x 3600 x hours x days x cameras',
    words: 'For MJPEG and other codecs whose pictures are independent.',
    inputs: {
      frame: {
        ...terabytes('size of a picture', 15, { grade: 'vendor', source: SOURCES.canon, max: 1e9 }),
        unit: 'kB',
      },
      fps: number('pictures a second', 2, { grade: 'vendor', source: SOURCES.canon, max: 1_000 }),
      hours: daily(),
      days: days('days that are kept', 1),
      cameras: count('cameras', 16, { grade: 'vendor', source: SOURCES.canon }),
    },
    results: { volume: { meaning: 'pictures on disk', unit: 'GB', kind: SIZE } },
    grade: 'vendor',
    source: SOURCES.canon,
    example: { frame: '15kB', fps: '2', cameras: '16' },
    evaluate: values => ({ volume: frameVolume(values) }),
  }),
  formula({
    id: 'storage.dahua',
    title: "Dahua's form, with its mixed units",
    expression: 'kilobits / 8 x 3600 / 1024 x hours x days x channels',
    words:
      'Kilobits count 1000 or 1024 there, megabytes 1024; compare it with storage.volume before you believe either.',
    inputs: {
      kilobits: number('kbit/s as the recorder shows it', 4_096, { grade: 'vendor', source: SOURCES.dahua }),
      hours: hours('hours', 1),
      days: days('days', 1),
      channels: count('channels', 1),
    },
    results: { volume: { meaning: 'video on disk', unit: 'MiB', kind: SIZE } },
    grade: 'vendor',
    source: SOURCES.dahua,
    example: { kilobits: '4096', hours: '24', days: '30', channels: '16' },
    evaluate: ({ kilobits, hours: each, days: kept, channels }) => ({
      volume: dahuaMegabytesPerHour(kilobits) * each * kept * channels * 2 ** 20,
    }),
  }),
  formula({
    id: 'storage.axxon',
    title: "AxxonSoft's form by picture size",
    expression: 'frame x fps x 3600 / 1024',
    words: 'Kilobytes of a picture become megabytes an hour; the factor is printed there as 3.51.',
    inputs: {
      frame: number('kilobytes of a picture', 20, { max: 1e6 }),
      fps: number('pictures a second', 25, { max: 1_000 }),
    },
    results: { volume: { meaning: 'video an hour', unit: 'MiB', kind: SIZE } },
    grade: 'vendor',
    source: SOURCES.axxonSize,
    example: { frame: '1', fps: '1' },
    evaluate: ({ frame, fps }) => ({ volume: axxonMegabytesPerHour(frame, fps) * 2 ** 20 }),
  }),
]
