import { describe, expect, it } from 'vitest'
import { fragmentedHead, type MovieTrack, movieHead, readInit, SampleTable } from '../../../src/wire/mp4/index.ts'

const ENTRY = Buffer.from('0000000c656e7472aabbccdd', 'hex')

/** Five frames with one that is shown before it is decoded, in two chunks, and a second description for the second. */
function table(): SampleTable {
  const samples = new SampleTable()
  samples.beginChunk(0, 1)
  samples.add(0, 20, 100, true)
  samples.add(10, 30, 50, false)
  samples.add(20, -5, 50, false)
  samples.beginChunk(260, 2)
  samples.add(30, 20, 90, true)
  samples.add(1_000, 20, 60, false)
  samples.finish(1_010)
  return samples
}

function track(samples: SampleTable, more: Partial<MovieTrack> = {}): MovieTrack {
  return {
    id: 1,
    timescale: 1_000,
    handler: 'vide',
    entries: [ENTRY, ENTRY],
    width: 320 * 65_536,
    height: 180 * 65_536,
    samples,
    duration: 1_010,
    edits: [{ duration: 990, mediaTime: 20 }],
    ...more,
  }
}

function movie(tracks: readonly MovieTrack[], mediaBytes = 410) {
  return { timescale: 1_000, created: 0, tracks, mediaBytes, quickTime: false }
}

/** The content of the first box of a type, behind size and type, in hex. */
function box(bytes: Buffer, type: string): string | undefined {
  const at = bytes.indexOf(type, 0, 'latin1')
  return at < 0 ? undefined : bytes.toString('hex', at + 4, at - 4 + bytes.readUInt32BE(at - 4))
}

const words = (...values: number[]) => values.map(value => (value >>> 0).toString(16).padStart(8, '0')).join('')

describe('what stands before the media of a plain movie', () => {
  const head = movieHead(movie([track(table())]))

  it('is made of whole boxes, and ends with the header of the media', () => {
    const sizes: [string, number][] = []
    for (let at = 0; at < head.length; at += head.readUInt32BE(at)) {
      sizes.push([head.toString('latin1', at + 4, at + 8), head.readUInt32BE(at)])
    }
    expect(sizes.map(([type]) => type)).toEqual(['ftyp', 'moov', 'mdat'])
    expect(sizes[2]![1]).toBe(8 + 410)
    expect(sizes[0]![1] + sizes[1]![1] + 8).toBe(head.length)
  })

  it('has every table to the byte', () => {
    expect(box(head, 'stts')).toBe(words(0, 3, 3, 10, 1, 970, 1, 10))
    // Version 1: an offset has a sign.
    expect(box(head, 'ctts')).toBe(words(0x01000000, 4, 1, 20, 1, 30, 1, -5, 2, 20))
    expect(box(head, 'stss')).toBe(words(0, 2, 1, 4))
    expect(box(head, 'stsc')).toBe(words(0, 2, 1, 3, 1, 2, 2, 2))
    expect(box(head, 'stsz')).toBe(words(0, 0, 5, 100, 50, 50, 90, 60))
    expect(box(head, 'stco')).toBe(words(0, 2, head.length, head.length + 260))
    expect(box(head, 'stsd')).toBe(words(0, 2) + ENTRY.toString('hex').repeat(2))
    expect(box(head, 'elst')).toBe(words(0, 1, 990, 20, 0x10000))
    expect(box(head, 'mdhd')).toBe(words(0, 0, 0, 1_000, 1_010, 0x55c40000))
    expect(box(head, 'mvhd')?.slice(0, 48)).toBe(words(0, 2_082_844_800, 2_082_844_800, 1_000, 990, 0x10000))
    expect(box(head, 'tkhd')?.slice(0, 48)).toBe(words(3, 0, 0, 1, 0, 990))
    expect(box(head, 'tkhd')?.slice(-16)).toBe(words(320 * 65_536, 180 * 65_536))
  })

  it('leaves out what says nothing', () => {
    const samples = new SampleTable()
    samples.beginChunk(0, 1)
    for (let at = 0; at < 3; at++) samples.add(at * 160, 0, 160, true)
    samples.finish(480)
    const sound = movieHead(
      movie([track(samples, { handler: 'soun', entries: [ENTRY], width: 0, height: 0, edits: [] })]),
    )
    for (const type of ['ctts', 'stss', 'edts', 'vmhd']) expect(box(sound, type), type).toBeUndefined()
    expect(box(sound, 'stts')).toBe(words(0, 1, 3, 160))
    expect(box(sound, 'stsc')).toBe(words(0, 1, 1, 3, 1))
    expect(box(sound, 'smhd')).toBe(words(0, 0))
  })

  it('says nothing for a while with an empty edit', () => {
    const edits = [
      { duration: 500, mediaTime: -1 },
      { duration: 990, mediaTime: 20 },
    ]
    const late = movieHead(movie([track(table(), { edits })]))
    expect(box(late, 'elst')).toBe(words(0, 2, 500, -1, 0x10000, 990, 20, 0x10000))
    expect(box(late, 'mvhd')?.slice(32, 40)).toBe(words(1_490))
  })

  it.each([
    ['the last that 32 bits do for', 0xffffffff, false],
    ['one byte more', 0x100000000, true],
  ])('points with 64 bits only where it must: %s', (_, size, large) => {
    const media = size - head.length
    const bytes = movieHead(movie([track(table())], media))
    expect(box(bytes, 'co64') !== undefined).toBe(large)
    expect(box(bytes, 'stco') !== undefined).toBe(!large)
    if (!large) {
      expect(bytes.readUInt32BE(bytes.length - 8)).toBe(media + 8)
      return
    }
    expect(box(bytes, 'co64')).toBe(words(0, 2, 0, bytes.length, 0, bytes.length + 260))
    expect(bytes.subarray(-16).toString('hex')).toBe(words(1, 0x6d646174) + (media + 16).toString(16).padStart(16, '0'))
  })

  it('keeps offsets above 4 GiB exact', () => {
    const samples = new SampleTable()
    samples.beginChunk(7 * 2 ** 32 + 5, 1)
    samples.add(0, 0, 1, true)
    samples.finish(1)
    const bytes = movieHead(movie([track(samples)], 8 * 2 ** 32))
    expect(box(bytes, 'co64')).toBe(words(0, 1, 7, 5 + bytes.length))
  })

  it('takes 64 bits for times of more than 32', () => {
    const long = 0x123456789
    const bytes = movieHead(movie([track(table(), { duration: long, edits: [{ duration: long, mediaTime: 20 }] })]))
    expect(box(bytes, 'elst')).toBe(words(0x01000000, 1, 1, 0x23456789, 0, 20, 0x10000))
    expect(box(bytes, 'mdhd')).toBe(words(0x01000000, 0, 0, 0, 0, 1_000, 1, 0x23456789, 0x55c40000))
    expect(box(bytes, 'tkhd')?.slice(0, 72)).toBe(words(0x01000003, 0, 0, 0, 0, 1, 0, 1, 0x23456789))
  })
})

describe('what stands before the fragments of a stream', () => {
  it('is read as a file whose samples are all in fragments', () => {
    const empty = track(new SampleTable(), { duration: 0, edits: [{ duration: 0, mediaTime: 20 }], entries: [ENTRY] })
    const bytes = fragmentedHead({ timescale: 1_000, created: 0, tracks: [empty], quickTime: false })
    const init = readInit(bytes)
    expect(init?.tracks.map(({ id, type, timescale }) => [id, type, timescale])).toEqual([[1, 'entr', 1_000]])
    expect(box(bytes, 'trex')).toBe(words(0, 1, 1, 0, 0, 0))
    expect(box(bytes, 'stsz')).toBe(words(0, 0, 0))
  })
})
