import { Words } from './words.ts'

/**
 * The samples of one track of a plain MP4, gathered one by one in decoding order, in the very form in which the boxes of `stbl`
 * keep them (ISO/IEC 14496-12 sections 8.6 and 8.7): runs where neighbours are alike. An hour of 25 pictures a second takes
 * half a megabyte.
 */
export class SampleTable {
  /** Bytes of each sample. */
  readonly sizes = new Words(4_096)
  /** Pairs of `stts`: samples, ticks until the next. */
  readonly durations = new Words()
  /** Pairs of `ctts`: samples, ticks from decoding to presentation as 32 bits with a sign. */
  readonly compositions = new Words()
  /** Numbers of the samples at which decoding can begin, from 1. */
  readonly syncs = new Words()
  /** Triples of `stsc`: first chunk, samples in each chunk, sample description. */
  readonly chunks = new Words()
  /** Where each chunk begins, bytes from the start of the media: high and low 32 bits. */
  readonly offsets = new Words()
  /** A sample is shown before or after it is decoded; one is shown before. */
  shifted = false
  negative = false
  #chunkSamples = 0
  #description = 1
  #last = 0

  get count(): number {
    return this.sizes.length
  }

  /** Decode time of the sample added last. */
  get lastTime(): number {
    return this.#last
  }

  /** Begins a chunk at `offset` bytes from the start of the media; `description` counts sample entries from 1. */
  beginChunk(offset: number, description: number): void {
    this.#endChunk()
    this.#description = description
    this.offsets.push(Math.floor(offset / 2 ** 32))
    this.offsets.push(offset % 2 ** 32)
  }

  /** Adds a sample to the chunk. `time`: ticks at which it is decoded, not less than that of the sample before. */
  add(time: number, compositionOffset: number, size: number, key: boolean): void {
    if (this.count > 0) pushPair(this.durations, time - this.#last)
    this.#last = time
    pushPair(this.compositions, compositionOffset)
    if (compositionOffset !== 0) this.shifted = true
    if (compositionOffset < 0) this.negative = true
    this.sizes.push(size)
    if (key) this.syncs.push(this.count)
    this.#chunkSamples++
  }

  /** Nothing follows: the last sample lasts until `time`. */
  finish(time: number): void {
    if (this.count > 0) pushPair(this.durations, Math.max(0, time - this.#last))
    this.#endChunk()
    this.#chunkSamples = 0
  }

  #endChunk(): void {
    const { chunks } = this
    if (this.#chunkSamples === 0) return
    const { length } = chunks
    const same =
      length > 0 && chunks.at(length - 2) === this.#chunkSamples && chunks.at(length - 1) === this.#description
    if (!same) {
      chunks.push(this.offsets.length / 2)
      chunks.push(this.#chunkSamples)
      chunks.push(this.#description)
    }
    this.#chunkSamples = 0
  }
}

function pushPair(pairs: Words, value: number): void {
  const { length } = pairs
  if (length > 0 && pairs.at(length - 1) === value >>> 0) {
    pairs.increment(length - 2)
    return
  }
  pairs.push(1)
  pairs.push(value)
}
