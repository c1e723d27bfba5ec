import type { FileHandle } from 'node:fs/promises'

/** Fills `buffer` from `offset` of the file on; gives how many bytes there were. */
export async function readInto(file: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let done = 0
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

/** Buffers that one system call takes (IOV_MAX of Linux). */
const MAX_BUFFERS = 1_024

/** Writes all bytes at the file's position; a disk that takes only a part of them is asked again, and then says why. */
export async function writeAll(file: FileHandle, buffers: readonly Uint8Array[]): Promise<void> {
  for (let first = 0; first < buffers.length; ) {
    const some = buffers.slice(first, first + MAX_BUFFERS)
    let { bytesWritten } = await file.writev(some)
    while (first < buffers.length && bytesWritten >= buffers[first]!.length) bytesWritten -= buffers[first++]!.length
    if (bytesWritten === 0) continue
    await file.writeFile(buffers[first++]!.subarray(bytesWritten))
  }
}
