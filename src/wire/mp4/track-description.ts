import { type Box, findBox, findPath, parseBoxes, uint32 } from './boxes.ts'
import type { ReadInit } from './read-init.ts'

/** What another file needs to describe a track in the same words. */
export interface TrackDescription {
  /** Four characters: vide, soun. */
  readonly handler: string
  /** The first sample entry, a whole box. */
  readonly entry: Buffer
  /** Pixels shown, as 16.16 fixed-point numbers; 0 for audio. */
  readonly width: number
  readonly height: number
}

/** The description of a track, from the bytes that were read; undefined when it is not there or has no handler. */
export function trackDescription(init: Pick<ReadInit, 'bytes'>, trackId: number): TrackDescription | undefined {
  const { bytes } = init
  for (const moov of parseBoxes(bytes)) {
    if (moov.type !== 'moov') continue
    for (const trak of parseBoxes(bytes, moov.content, moov.end)) {
      const description = trak.type === 'trak' ? describe(bytes, trak, trackId) : undefined
      if (description) return description
    }
  }
  return undefined
}

/** Whether the file is QuickTime's by its brand: its sample entries then have fields that MP4's have not. */
export function isQuickTime({ bytes }: Pick<ReadInit, 'bytes'>): boolean {
  const type = findBox(bytes, 'ftyp', 0, bytes.length)
  return type !== undefined && bytes.toString('latin1', type.content, type.content + 4) === 'qt  '
}

function describe(bytes: Buffer, trak: Box, trackId: number): TrackDescription | undefined {
  const header = findBox(bytes, 'tkhd', trak.content, trak.end)
  const handler = findPath(bytes, ['mdia', 'hdlr'], trak)
  const descriptions = findPath(bytes, ['mdia', 'minf', 'stbl', 'stsd'], trak)
  if (!header || !handler || !descriptions) return undefined
  const idAt = header.content + 4 + (bytes[header.content] === 1 ? 16 : 8)
  if (uint32(bytes, idAt) !== trackId) return undefined
  const [entry] = parseBoxes(bytes, descriptions.content + 8, descriptions.end)
  return (
    entry && {
      handler: bytes.toString('latin1', handler.content + 8, handler.content + 12),
      entry: bytes.subarray(entry.start, entry.end),
      width: uint32(bytes, header.end - 8),
      height: uint32(bytes, header.end - 4),
    }
  )
}
