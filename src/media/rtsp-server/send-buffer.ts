import type { PacketWriter } from '../../wire/rtp/index.ts'
import type { RtspSession } from './types.ts'

/** Room for most frames; one that is larger makes the buffer grow. */
const FIRST_SIZE = 256 * 1024
/** A buffer that one huge frame made larger is given back after it. */
const KEPT_SIZE = 4 * 1024 * 1024

/**
 * Memory in which the packets of a frame are written before they are sent, shared by all sessions of a process: as long as
 * clients read, the kernel takes each frame at once and no memory is allocated for it.
 *
 *     buffer.lend(writer)
 *     packetizer.packetize(…, writer)
 *     buffer.send(writer, session)
 */
export class SendBuffer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE)

  /** Makes `writer` begin at the start of the buffer. Nothing else may use the buffer until `send`. */
  lend(writer: PacketWriter): void {
    writer.buffer = this.#bytes
    writer.length = 0
  }

  /** Sends what `writer` has written since `lend`; gives the number of bytes. */
  send(writer: PacketWriter, session: RtspSession): number {
    const { buffer, length } = writer
    if (length === 0) return 0
    const packets = buffer.subarray(0, length)
    // What will have to wait gets memory of its own size: the queue then holds no more than it says.
    if (session.pending > 0) session.send(Buffer.from(packets))
    else if (!session.send(packets)) this.#bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
    else if (buffer.length <= KEPT_SIZE) this.#bytes = buffer
    return length
  }
}
