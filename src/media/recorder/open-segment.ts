import { messageOf, systemCode } from '../../kernel/errors.ts'
import {
  closeSegment,
  FragmentIndex,
  fragmentHeader,
  type InitSegment,
  initSegment,
  type Mp4Run,
  type Mp4Track,
  type SegmentMark,
} from '../../wire/mp4/index.ts'
import { type Repair, SegmentHash } from '../segment-file/index.ts'
import { alignTracks } from './align-tracks.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { Fragment } from './fragment.ts'
import { createFile, writeAll } from './segment-io.ts'
import type { SegmentName } from './segment-name.ts'

/** Track id of the leading track; the others follow. */
const LEAD = 1

/** Fragments as they are to lie in the file. */
interface Layout {
  readonly buffers: Uint8Array[]
  /** Byte of the file at which the media of each begin. */
  readonly places: number[]
  readonly parts: { readonly size: number; readonly runs: Mp4Run[]; readonly fragment: Fragment }[]
}

/** The file that is being written for a camera. */
export class OpenSegment {
  readonly mark: SegmentMark
  /** Relative to the storage path. */
  readonly path: string
  /** Codec of the leading track. */
  readonly codec: string
  /** Frames of all tracks on disk, and bytes of whole fragments. */
  frames = 0
  bytes = 0
  /** Monotonic milliseconds of the last fdatasync, or what stands for it. */
  syncedAt: number
  /** Writes that failed in a row, other than for want of room. */
  faults = 0
  /** Hash of the file, once it has been closed with it. */
  sha256: string | null = null
  readonly #disk: DiskWriter
  readonly #init: InitSegment
  readonly #bases: readonly number[]
  readonly #index: FragmentIndex
  readonly #hash = new SegmentHash()
  #fd: number
  /** A write failed: there may be bytes behind the last whole fragment. */
  #ragged = false

  private constructor(
    disk: DiskWriter,
    fd: number,
    path: string,
    mark: SegmentMark,
    init: InitSegment,
    bases: readonly number[],
    codec: string,
  ) {
    this.#disk = disk
    this.codec = codec
    this.#fd = fd
    this.path = path
    this.mark = mark
    this.#init = init
    this.#bases = bases
    this.syncedAt = disk.clock.monotonic()
    this.#index = new FragmentIndex(init, LEAD)
  }

  /**
   * Makes the file for a segment that `first` begins. Never opens one that is there: a second file of the same second gets a
   * suffix. Rejects with the error of the disk; NotMountedError when the storage is not there.
   */
  static async create(disk: DiskWriter, name: SegmentName, mark: SegmentMark, first: Fragment): Promise<OpenSegment> {
    const bases = disk.trim(first, () => alignTracks(first))
    const tracks: Mp4Track[] = first.runs.map((run, index) => ({
      id: LEAD + index,
      timescale: run.timescale,
      parameters: first.session.tracks[run.track]!.parameters!,
    }))
    // An entry of the index for each fragment: 1.25 a second, and some for shorter ones and for a group that goes on for longer.
    const init = initSegment(tracks, mark, 16 + Math.ceil((disk.settings.segment / 1_000) * 1.4))
    const { fd, path } = await disk.use('write', () => createFile(disk, name))
    return new OpenSegment(disk, fd, path, mark, init, bases, tracks[0]!.parameters.codec)
  }

  /**
   * Writes whole fragments behind what is there, with one writev where the disk takes it. Gives the byte of the file at which
   * the media of each begin. Rejects with the error of the disk; writing the same fragments again is then safe, for they go to
   * the same place.
   */
  async write(fragments: readonly Fragment[]): Promise<number[]> {
    const layout = this.#layOut(fragments)
    const position = this.bytes
    const size = await this.#disk.use('write', async () => {
      const failed = this.#ragged
      this.#ragged = true
      const size = await writeAll(this.#disk, this.#fd, layout.buffers, position)
      // A failed write may have left more behind than is written now.
      if (failed) await this.#disk.fs.truncate(this.#fd, position + size)
      this.#ragged = false
      return size
    })
    return this.#written(layout, size)
  }

  /**
   * As {@link write}, for when the disk can take the fragments at once and there is nothing else to be done. Undefined, and
   * nothing done, when that is not so.
   */
  writeOn(fragments: readonly Fragment[]): Promise<number[]> | undefined {
    if (this.#ragged || !this.#disk.enterWrite()) return undefined
    try {
      const layout = this.#layOut(fragments)
      const writing = writeAll(this.#disk, this.#fd, layout.buffers, this.bytes)
      this.#ragged = true
      return writing.then(
        size => {
          this.#disk.leaveWrite()
          this.#ragged = false
          return this.#written(layout, size)
        },
        error => {
          this.#disk.leaveWrite()
          throw error
        },
      )
    } catch (error) {
      this.#disk.leaveWrite()
      throw error
    }
  }

  #layOut(fragments: readonly Fragment[]): Layout {
    const buffers: Uint8Array[] = []
    if (this.bytes === 0) buffers.push(this.#init.bytes)
    let end = this.bytes === 0 ? this.#init.bytes.length : this.bytes
    const places: number[] = []
    const parts: Layout['parts'] = []
    for (const fragment of fragments) {
      const runs = fragment.mp4Runs(this.#bases)
      const header = fragmentHeader(this.#index.sizes.length + parts.length + 1, runs)
      buffers.push(header)
      fragment.buffers(buffers)
      places.push(end + header.length)
      const size = header.length + fragment.bytes
      end += size
      parts.push({ size, runs, fragment })
    }
    return { buffers, places, parts }
  }

  /** What was laid out is on disk, `size` bytes of it. */
  #written({ buffers, places, parts }: Layout, size: number): number[] {
    this.#hash.add(this.bytes === 0 ? buffers.slice(1) : buffers)
    this.bytes += size
    this.faults = 0
    for (const { size, runs, fragment } of parts) {
      this.#index.add(size, runs)
      this.frames += fragment.frames
    }
    return places
  }

  /** Makes what is written last through a power cut. */
  async sync(): Promise<void> {
    await this.#disk.use('sync', () => this.#disk.fs.sync(this.#fd))
    this.syncedAt = this.#disk.clock.monotonic()
  }

  /** Frames of the leading track on disk. */
  get leadFrames(): number {
    return this.#index.lead?.samples ?? 0
  }

  /** Wall-clock milliseconds at which what is on disk ends, as a reader of the file works it out. */
  get wallEnd(): number {
    const ticks = this.#index.durations().get(LEAD) ?? 0
    return this.mark.wallStart + (ticks * 1_000) / this.mark.timescale
  }

  /**
   * Fills in the durations, syncs and closes. Gives false when the file was deleted while it was open. Rejects with the first
   * error; the file is valid all the same.
   */
  async close(reason: string): Promise<boolean> {
    await this.#finish(reason)
    const fd = this.#fd
    return this.#disk.use('sync', async () => {
      const { links } = await this.#disk.fs.facts(fd)
      await this.#disk.fs.close(fd)
      return links > 0
    })
  }

  /**
   * Opens the file anew, for when its descriptor has died with a device that is back. False when the file does not hold any
   * more what was written.
   */
  async reopen(): Promise<boolean> {
    const { fs } = this.#disk
    return this.#disk.use('write', async () => {
      await this.#disk.checkMounted()
      let fd: number
      try {
        fd = await fs.open(this.#disk.absolute(this.path), 'existing')
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return false
        throw error
      }
      const { size } = await fs.facts(fd)
      if (size < this.bytes) {
        await fs.close(fd)
        return false
      }
      const old = this.#fd
      this.#fd = fd
      await fs.close(old).catch(() => {})
      return true
    })
  }

  /**
   * Leaves the file, cut behind its last whole fragment; removed when it has none. What the disk does not let be done now
   * is done when it works again, and then `repaired` is called. Never rejects.
   */
  async abandon(reason: string, repaired: (repair: Repair) => void): Promise<void> {
    const { fs } = this.#disk
    try {
      await this.#disk.use('write', () => fs.truncate(this.#fd, this.bytes))
      if (this.bytes > 0) {
        await this.#finish(reason)
      } else {
        await this.#disk.use('write', () => fs.remove(this.#disk.absolute(this.path)))
      }
    } catch (error) {
      this.#disk.log.debug({ path: this.path, error: messageOf(error) }, 'segment left as it is for now')
      this.#disk.leaveUntidy(this.path, this.bytes, repaired)
    }
    await this.#disk.use('sync', () => fs.close(this.#fd)).catch(() => {})
  }

  async #finish(reason: string): Promise<void> {
    for (const { offset, bytes } of closeSegment(this.#init, this.#index, reason, this.#hash.seal)) {
      await this.#disk.use('write', () => writeAll(this.#disk, this.#fd, [bytes], offset))
      // What is in the file outlives a power cut before the file says that it is whole.
      await this.sync()
    }
    this.sha256 = this.#hash.sealed
  }
}
