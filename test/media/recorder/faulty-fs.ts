import { type FileFacts, nodeRecorderFs, type RecorderFs } from '../../../src/media/recorder/index.ts'

export type FsCall = keyof RecorderFs

export interface Call {
  readonly name: FsCall
  /** Path that the call names, or under which its descriptor was opened. */
  readonly path: string
  readonly fd: number | undefined
}

/** Most of what tests write must not outlive a power cut. */
const WITHOUT_SYNC: RecorderFs = { ...nodeRecorderFs, sync: async () => {}, syncDirectory: async () => {} }

/** The real file system, or another one, with faults on demand. */
export class FaultyFs implements RecorderFs {
  /** Gives the system's code with which a call fails, or undefined where it goes through. */
  fault: (call: Call) => string | undefined = () => undefined
  /** Bytes that one writev takes at most. */
  takes = Number.POSITIVE_INFINITY
  /** Awaited before a call goes through: a disk that hangs. */
  hold: ((call: Call) => Promise<void>) | undefined
  readonly calls: Call[] = []
  /** Calls that are being held. */
  held = 0
  readonly #paths = new Map<number, string>()
  readonly #inner: RecorderFs

  constructor(inner: RecorderFs = WITHOUT_SYNC) {
    this.#inner = inner
  }

  async open(path: string, how: 'create' | 'existing'): Promise<number> {
    const fd = await this.#on('open', path, () => this.#inner.open(path, how))
    this.#paths.set(fd, path)
    return fd
  }

  writev(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number> {
    return this.#on('writev', fd, () => {
      const short: Uint8Array[] = []
      let room = this.takes
      for (const buffer of buffers) {
        if (room > 0) short.push(buffer.subarray(0, room))
        room -= buffer.length
      }
      return this.#inner.writev(fd, short, position)
    })
  }

  truncate(fd: number, length: number): Promise<void> {
    return this.#on('truncate', fd, () => this.#inner.truncate(fd, length))
  }

  sync(fd: number): Promise<void> {
    return this.#on('sync', fd, () => this.#inner.sync(fd))
  }

  syncDirectory(path: string): Promise<void> {
    return this.#on('syncDirectory', path, () => this.#inner.syncDirectory(path))
  }

  close(fd: number): Promise<void> {
    return this.#on('close', fd, () => this.#inner.close(fd))
  }

  facts(target: number | string): Promise<FileFacts> {
    return this.#on('facts', target, () => this.#inner.facts(target))
  }

  makeDirectory(path: string): Promise<string | undefined> {
    return this.#on('makeDirectory', path, () => this.#inner.makeDirectory(path))
  }

  list(path: string): Promise<string[]> {
    return this.#on('list', path, () => this.#inner.list(path))
  }

  readAt(path: string, into: Uint8Array, position: number): Promise<number> {
    return this.#on('readAt', path, () => this.#inner.readAt(path, into, position))
  }

  read(path: string): Promise<string> {
    return this.#on('read', path, () => this.#inner.read(path))
  }

  remove(path: string): Promise<void> {
    return this.#on('remove', path, () => this.#inner.remove(path))
  }

  async #on<T>(name: FsCall, target: number | string, run: () => Promise<T>): Promise<T> {
    const call: Call =
      typeof target === 'number'
        ? { name, fd: target, path: this.#paths.get(target) ?? '' }
        : { name, fd: undefined, path: target }
    this.calls.push(call)
    if (this.hold) {
      this.held++
      await this.hold(call)
      this.held--
    }
    const code = this.fault(call)
    if (code !== undefined) throw Object.assign(new Error(`${code}: injected, ${name}`), { code })
    return run()
  }
}
