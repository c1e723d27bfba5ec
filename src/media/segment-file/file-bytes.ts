import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** Bytes fetched at once: the header of a fragment and of its media are mostly within. */
const WINDOW = 8 * 1024

/** Random access to a file through one small window, so that many short reads in order cost few system calls. */
export class FileBytes {
  readonly #handle: FileHandle
  readonly #window = Buffer.allocUnsafe(WINDOW)
  #start = 0
  #length = 0

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Bytes `[offset, offset + length)`, fewer where the file ends before; good until the next call. */
  read = async (offset: number, length: number): Promise<Buffer> => {
    if (length > WINDOW) return this.readInto(Buffer.allocUnsafe(length), offset)
    if (offset < this.#start || offset + length > this.#start + this.#length) {
      this.#start = offset
      this.#length = (await this.readInto(this.#window, offset)).length
    }
    const from = offset - this.#start
    return this.#window.subarray(from, Math.max(from, Math.min(from + length, this.#length)))
  }

  /** Fills `buffer` from `offset` on; returns what could be filled. */
  async readInto(buffer: Buffer, offset: number): Promise<Buffer> {
    let done = 0
    while (done < buffer.length) {
      const bytesRead = await readAt(this.#handle.fd, buffer, done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return buffer.subarray(0, done)
  }
}

/** As FileHandle.read, at half of its cost: a survey of a file reads hundreds of times. */
function readAt(fd: number, into: Buffer, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, into, from, into.length - from, position, (error, count) => (error ? reject(error) : resolve(count)))
  })
}
