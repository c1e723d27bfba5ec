/**
 * `npm run bench:packet`: what each step of a packet's way costs, from the bytes of a socket to the disk's queue. Each row has
 * all steps up to it; the difference between two rows is a step's own.
 */
import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/log.ts'
import { CameraStreamHub } from '../../media/hub/index.ts'
import { FrameWriter } from '../../media/memory/frame-writer.ts'
import { SlabPool } from '../../media/memory/slab.ts'
import { CameraRecorder, DiskWriter, nodeRecorderFs, type RecorderFs } from '../../media/recorder/index.ts'
import { SessionAssembler, TrackReceiver } from '../../media/source/index.ts'
import { createDepacketizer, emptyRtpHeader, parseRtpHeader, RtpReceiver } from '../../wire/rtp/index.ts'
import { RtspStreamParser } from '../../wire/rtsp/index.ts'
import { SAMPLE_TRACK, sampleStream } from './sample-stream.ts'

/** Streams of ten seconds a step; about a second of work. */
const ROUNDS = 150
const WARM_UP = 20

const stream = sampleStream()
const pool = new SlabPool()
const shared = Buffer.alloc(1024 * 1024)

type Step = () => {
  readonly packet: (bytes: Buffer, start: number, end: number) => void
  readonly done?: () => Promise<void> | void
}

/** The kernel's copy from socket to buffer is not ours; this one stands for it in every row. */
function feed(parser: RtspStreamParser): void {
  for (const read of stream.reads) {
    read.copy(shared)
    parser.push(shared, read.length)
  }
}

/** Nanoseconds of the quickest round: what others on the machine do can only make a round slower. */
async function measure(step: Step | undefined): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const target = step?.()
    const parser = new RtspStreamParser({
      interleaved: target?.packet ?? (() => {}),
      message: () => {},
      malformed: () => {},
    })
    const before = process.hrtime.bigint()
    if (step) feed(parser)
    else for (const read of stream.reads) read.copy(shared)
    await target?.done?.()
    if (round >= WARM_UP) quickest = Math.min(quickest, Number(process.hrtime.bigint() - before))
  }
  return quickest
}

const reception: Step = () => {
  const header = emptyRtpHeader()
  const receiver = new RtpReceiver(90_000)
  return {
    packet: (bytes, start, end) => void (parseRtpHeader(bytes, start, end, header) && receiver.receive(header, 0)),
  }
}

const assembly: Step = () => {
  const header = emptyRtpHeader()
  const buffer = new FrameWriter(pool)
  const sink = {
    buffer,
    complete: () => buffer.take()?.slab.release(),
    parameters: () => {},
    damaged: (reason: string) => {
      throw new Error(reason)
    },
  }
  const depacketizer = createDepacketizer(SAMPLE_TRACK, stream.parameters, sink)
  return {
    packet: (bytes, start, end) => {
      if (parseRtpHeader(bytes, start, end, header))
        depacketizer.push(bytes, header.payloadStart, header.payloadEnd, header.timestamp, header.marker, false)
    },
    done: () => buffer.close(),
  }
}

function source(hub: CameraStreamHub): ReturnType<Step> {
  const options = { camera: 'bench', stream: 'main' as const, hub, clock: systemClock, random: Math.random }
  const tracks = [[SAMPLE_TRACK, stream.parameters]] as const
  const assembler = new SessionAssembler(tracks, { ...options, reason: 'first', onVideo: () => {} })
  const receiver = new TrackReceiver(0, SAMPLE_TRACK, stream.parameters, assembler, pool)
  return {
    packet: (bytes, start, end) => receiver.packet(bytes, start, end, 0),
    done: () => {
      receiver.close()
      assembler.close('end')
    },
  }
}

/** A file system that takes everything at once and keeps nothing. */
const nowhere: RecorderFs = {
  ...nodeRecorderFs,
  open: async () => 0,
  writev: async (_, buffers) => buffers.reduce((sum, bytes) => sum + bytes.length, 0),
  truncate: async () => {},
  sync: async () => {},
  close: async () => {},
  facts: async () => ({ size: 0, inode: 1, modified: 0, links: 1 }),
  makeDirectory: async () => undefined,
  syncDirectory: async () => {},
  list: async () => [],
  read: async () => JSON.stringify({ id: 'bench' }),
  remove: async () => {},
}

const recording: Step = () => {
  const hub = new CameraStreamHub()
  const settings = {
    path: '/nowhere',
    id: 'bench',
    segment: 180_000,
    names: 'utc' as const,
    timezone: 'UTC',
    syncPeriod: 0,
    memory: 512e6,
  }
  const disk = new DiskWriter({ site: 'bench', settings, clock: systemClock, log: silentLogger, fs: nowhere })
  const journal = { append: () => {} }
  const recorder = new CameraRecorder({
    camera: 'bench',
    stream: 'main',
    settings,
    disk,
    clock: systemClock,
    journal,
    log: silentLogger,
  })
  hub.subscribe(recorder)
  const { packet, done } = source(hub)
  return {
    packet,
    done: async () => {
      await done?.()
      await recorder.stop('end')
    },
  }
}

const steps: readonly (readonly [string, Step | undefined])[] = [
  ['copy of the bytes (stands for the kernel’s)', undefined],
  ['+ RTSP: packets found in place', () => ({ packet: () => {} })],
  ['+ RTP header, sequence, jitter', reception],
  ['+ H.264: bytes to the frame store', assembly],
  ['+ time line, session, hub', () => source(new CameraStreamHub())],
  ['+ recorder: fragments, headers, queue', recording],
]

const frames = stream.reads.length
console.log(`H.264, 4 Mbps, 25 fps: ${stream.packets / stream.seconds} packets a second of 1400 bytes`)
console.log('step (each row has all before it)             ns/packet   us/frame   % of a core for 200 cameras')
for (const [name, step] of steps) {
  const time = await measure(step)
  const share = ((time / 1e9 / stream.seconds) * 200 * 100).toFixed(2)
  const row = [(time / stream.packets).toFixed(0).padStart(9), (time / frames / 1e3).toFixed(2).padStart(10)]
  console.log(`${name.padEnd(45)} ${row.join(' ')} ${share.padStart(10)}`)
}
