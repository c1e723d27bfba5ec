import { Buffer } from 'node:buffer'
import type { Player, RtpStart, RtspSession, SenderState, TrackTransport } from '../rtsp-server/index.ts'
import type { FrameTemplate } from './frame-template.ts'
import { noteFrame, type SentSession } from './send-ledger.ts'
import type { VirtualStream } from './virtual-stream.ts'

/** Index of each track in the session description. */
const VIDEO = 0
const AUDIO = 1

/** Bytes that a viewer may leave unread. A camera would drop frames; a load test must not do so in silence. */
const PENDING_LIMIT = 8 * 1024 * 1024
/** Bytes of garbage in front of a frame. */
const GARBAGE = { least: 16, most: 1_500 }

interface Sender {
  readonly transport: TrackTransport
  readonly base: number
  sequence: number
  packets: number
  octets: number
}

/** One viewer of a stream: its own sequence numbers and timestamps, its own packets of the shared frames. */
export class VirtualPlayer implements Player {
  readonly range = 'npt=now-'
  readonly starts: (RtpStart | undefined)[]
  readonly #stream: VirtualStream
  readonly #session: RtspSession
  readonly #senders: (Sender | undefined)[]
  readonly #sent: SentSession
  /** The first frame that it gets. */
  #from: number
  #waitsForKey: boolean

  constructor(stream: VirtualStream, session: RtspSession, sent: SentSession) {
    this.#stream = stream
    this.#session = session
    this.#sent = sent
    const { random } = stream
    this.#senders = session.tracks.map(
      transport =>
        transport && {
          transport,
          base: Math.floor(random() * 2 ** 32),
          sequence: Math.floor(random() * 2 ** 16),
          packets: 0,
          octets: 0,
        },
    )
    const { number, key } = stream.joinPoint()
    this.#from = number
    this.#waitsForKey = key
    this.starts = this.#senders.map((sender, track) =>
      sender && track === VIDEO
        ? { sequence: sender.sequence, timestamp: (sender.base + stream.videoTicks(number)) >>> 0 }
        : undefined,
    )
  }

  start(): void {
    this.#stream.join(this)
  }

  stop(): void {
    this.#sent.unsent = this.#session.pending
    this.#stream.leave(this, this.#sent)
  }

  close(reason: string): void {
    this.#session.close(reason)
  }

  report(track: number): SenderState | undefined {
    const sender = this.#senders[track]
    const clock = this.#stream.cameraClock()
    if (!sender || !clock || sender.packets === 0) return undefined
    const timestamp = (sender.base + this.#stream.ticksNow(track === VIDEO)) >>> 0
    return { timestamp, wall: clock, packets: sender.packets, octets: sender.octets }
  }

  video(frame: FrameTemplate, number: number, wall: number): void {
    const sender = this.#senders[VIDEO]
    if (!sender || number < this.#from) return
    if (this.#waitsForKey && !frame.key) return
    this.#waitsForKey = false
    frame.mark(this.#stream.owner, number, wall)
    if (this.#stream.faults.garbage) this.#sendGarbage(sender)
    if (this.#send(sender, frame, this.#stream.videoTicks(number + frame.shift))) noteFrame(this.#sent, number)
    else this.#sent.cut++
  }

  /** Sound begins with the picture, where there is one. */
  audio(frame: FrameTemplate, ticks: number): void {
    const sender = this.#senders[AUDIO]
    if (!sender || (this.#senders[VIDEO] && this.#sent.ranges.length === 0)) return
    this.#send(sender, frame, ticks)
  }

  /** True when all packets went out. */
  #send(sender: Sender, frame: FrameTemplate, ticks: number): boolean {
    const { transport, sequence } = sender
    const { loss } = this.#stream.faults
    let bytes = frame.address(transport.rtpChannel, sequence, sender.base + ticks, transport.ssrc)
    sender.sequence = (sequence + frame.packets) & 0xffff
    sender.packets = (sender.packets + frame.packets) >>> 0
    sender.octets = (sender.octets + frame.octets) >>> 0
    if (loss > 0) {
      bytes = frame.selection(() => this.#stream.random() >= loss)
      if (bytes.length > 0) this.#session.send(bytes)
    } else if (!this.#session.send(bytes)) frame.surrender()
    this.#sent.bytes += bytes.length
    if (this.#session.pending > PENDING_LIMIT) this.#session.close('viewer is too slow')
    return bytes.length === frame.length
  }

  #sendGarbage(sender: Sender): void {
    if (sender.transport.kind !== 'tcp') return
    const { random } = this.#stream
    const size = GARBAGE.least + Math.floor(random() * (GARBAGE.most - GARBAGE.least))
    this.#session.send(Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256))))
  }
}
