import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import {
  type Fragment,
  type FragmentsEnd,
  type ReadInit,
  readAsync,
  scanFragment,
  scanInit,
} from '../../wire/mp4/index.ts'
import { FileBytes } from './file-bytes.ts'

/** To open a pipe waits for its other end, for ever if need be, unless one says not to; for files it makes no difference. */
const FLAGS = {
  r: constants.O_RDONLY | constants.O_NONBLOCK,
  'r+': constants.O_RDWR | constants.O_NONBLOCK,
}

/** A file that has the form of a segment, opened. Close it with {@link SegmentFile.close}, or `await using`. */
export class SegmentFile implements AsyncDisposable {
  readonly handle: FileHandle
  readonly bytes: FileBytes
  /** Bytes of the file when it was opened. It may grow since: what comes later is not looked at. */
  readonly size: number
  readonly init: ReadInit

  private constructor(handle: FileHandle, bytes: FileBytes, size: number, init: ReadInit) {
    this.handle = handle
    this.bytes = bytes
    this.size = size
    this.init = init
  }

  /** Undefined for what is no fragmented MP4, or ends before it says what its tracks are. Throws system errors. */
  static async open(path: string, flags: 'r' | 'r+' = 'r'): Promise<SegmentFile | undefined> {
    const handle = await open(path, FLAGS[flags])
    try {
      const bytes = new FileBytes(handle)
      const facts = await handle.stat()
      const init = facts.isFile() ? await readAsync(scanInit(facts.size), bytes.read) : undefined
      if (init) return new SegmentFile(handle, bytes, facts.size, init)
    } catch (error) {
      await handle.close()
      throw error
    }
    await handle.close()
    return undefined
  }

  /** The whole fragments in order; returns where and how they end. Reads headers only. */
  async *fragments(): AsyncGenerator<Fragment, FragmentsEnd> {
    let at = this.init.bytes.length
    for (;;) {
      const step = await readAsync(scanFragment(this.init, at, this.size), this.bytes.read)
      if (step.type !== 'fragment') return step
      at = step.fragment.end
      yield step.fragment
    }
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
