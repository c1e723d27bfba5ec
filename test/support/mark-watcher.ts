import { type FrameMark, findMark } from '../../src/media/virtual/index.ts'
import { emptyRtpHeader, parseRtpHeader } from '../../src/wire/rtp/index.ts'
import { RtspClient } from './rtsp-client.ts'

/** A viewer of a virtual camera that keeps the mark of every frame, and what stands around it. */
export class MarkWatcher {
  readonly client: RtspClient
  readonly marks: FrameMark[] = []
  /** RTP sequence numbers of all packets, timestamp of each marked frame, and RTCP packets. */
  readonly sequences: number[] = []
  readonly timestamps: number[] = []
  readonly reports: Buffer[] = []
  bytes = 0
  ssrc = 0
  /** Sets of an SPS seen in band (H.264, inside STAP-A). */
  readonly parameterSets: string[] = []

  constructor(url: string) {
    this.client = new RtspClient(url)
    const header = emptyRtpHeader()
    this.client.onPacket = (channel, bytes) => {
      if (channel !== 0) return void this.reports.push(bytes)
      this.bytes += bytes.length
      if (!parseRtpHeader(bytes, 0, bytes.length, header)) return
      this.sequences.push(header.sequence)
      this.ssrc = header.ssrc
      if ((bytes[header.payloadStart]! & 31) === 24)
        this.parameterSets.push(bytes.subarray(header.payloadStart).toString('hex'))
      const mark = findMark(bytes)
      if (!mark) return
      this.marks.push(mark)
      this.timestamps.push(header.timestamp)
    }
  }

  get numbers(): number[] {
    return this.marks.map(mark => mark.number)
  }

  /** Waits until `met`, 5 s at most. */
  async until(met: () => boolean): Promise<void> {
    for (let waited = 0; !met(); waited += 10) {
      if (waited >= 5_000) throw new Error(`waited 5 s; ${this.marks.length} frames came`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  frames(count: number): Promise<void> {
    return this.until(() => this.marks.length >= count)
  }

  close(): void {
    this.client.socket.destroy()
  }
}

/** Connects and plays. */
export async function watchMarks(url: string): Promise<MarkWatcher> {
  const watcher = new MarkWatcher(url)
  await watcher.client.play()
  return watcher
}
