import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SiteConfig } from '../../../src/config/types.ts'
import { type PlainTrack, readPlainMp4 } from '../../../src/media/virtual/plain-mp4.ts'
import type { ExportContext, ExportRequest } from '../../../src/recording/export/export-camera.ts'
import type { CoveragePiece, Segment } from '../../../src/recording/types.ts'
import type { SegmentMark } from '../../../src/wire/mp4/index.ts'
import type { EncodedTrack, EncodedUnit } from '../../support/encoded-media.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { mux } from '../../support/mux.ts'

/** Wall-clock milliseconds at which the test archives begin. */
export const START = Date.UTC(2026, 10, 24, 14)

/** What a segment is made of. */
export interface SegmentPlan {
  readonly tracks: readonly EncodedTrack[]
  /** Milliseconds behind START at which its first frame came. */
  readonly at: number
  readonly session: string
  readonly number: number
  /** Ticks of the leading track since the session's first frame. */
  readonly mediaTime?: number
  /** Milliseconds. */
  readonly clockOffset?: number
  /** Seconds of a fragment. */
  readonly fragment?: number
}

/** The units of a track in `[from, to)` seconds, from time 0 on. */
export function part(track: EncodedTrack, from: number, to: number): EncodedTrack {
  const [begin, end] = [Math.round(from * track.timescale), Math.round(to * track.timescale)]
  const units = track.units.filter(({ decodeTime }) => decodeTime >= begin && decodeTime < end)
  return { ...track, units: units.map(unit => ({ ...unit, decodeTime: unit.decodeTime - begin })) }
}

/** An archive of one camera in a temporary directory: files, and what an index would say of them. Dispose of it. */
export class TestArchive implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'vms-export-'))
  readonly storage = join(this.dir, 'archive')
  readonly rows: Segment[] = []
  account: CoveragePiece[] = []
  readonly config = { site: { name: 'warehouse', timezone: 'Europe/Berlin' } } as SiteConfig

  /** Writes a segment as the recorder does. */
  add({ tracks, at, session, number, mediaTime = 0, clockOffset, fragment = 0.8 }: SegmentPlan): Segment {
    const [lead] = tracks
    const mark: SegmentMark = {
      version: 1,
      site: 'warehouse',
      camera: 'gate-1',
      stream: 'main',
      session,
      number,
      wallStart: START + at,
      mediaTime,
      timescale: lead!.timescale,
      reason: number === 0 ? 'reconnect' : 'duration',
      clockOffset: clockOffset ?? null,
    }
    const bytes = mux(tracks, { mark, fragment })
    const path = `gate-1/main/2026-11-24/${session}-${number}.mp4`
    const file = join(this.storage, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    const ticks = lead!.units.at(-1)!.decodeTime + lead!.units.at(-1)!.duration - lead!.units[0]!.decodeTime
    const segment: Segment = {
      camera: 'gate-1',
      stream: 'main',
      session,
      number,
      path,
      start: mark.wallStart,
      end: mark.wallStart + (ticks * 1_000) / lead!.timescale,
      bytes: bytes.length,
      frames: tracks.reduce((sum, { units }) => sum + units.length, 0),
      codec: lead!.parameters.codec,
      began: mark.reason,
      ended: 'duration',
      clockOffset: mark.clockOffset,
      sha256: hashByHand(bytes).said ?? null,
    }
    this.rows.push(segment)
    return segment
  }

  absolute = (path: string) => join(this.storage, path)

  segments = (_camera: string, span: { start: number; end: number }) =>
    this.rows.filter(({ start, end }) => start < span.end && end > span.start)

  allSegments = async (camera: string, span: { start: number; end: number }) => this.segments(camera, span)

  coverage = async () => this.account

  /** Where an export may write. */
  out(name: string): string {
    return join(this.dir, name)
  }

  context(more: Partial<ExportContext> = {}): ExportContext {
    let count = 0
    return {
      archive: this,
      now: () => START + 86_400_000,
      token: () => `t${++count}`,
      signal: new AbortController().signal,
      progress: () => {},
      ...more,
    }
  }

  /** A request for milliseconds behind START, into `clip.mp4`. */
  request(from: number, to: number, more: Partial<ExportRequest> = {}): ExportRequest {
    return {
      camera: 'gate-1',
      stream: 'main',
      from: START + from,
      to: START + to,
      keepGaps: true,
      audio: true,
      originals: false,
      target: { file: this.out('clip.mp4') },
      force: false,
      evidence: undefined,
      ...more,
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** The tracks of a plain MP4, with the bytes of each sample. */
export async function readClip(path: string): Promise<(PlainTrack & { readonly bytes: Buffer[] })[]> {
  await using file = await open(path)
  const tracks = await readPlainMp4(file, path)
  return await Promise.all(
    tracks.map(async track => {
      const bytes: Buffer[] = []
      for (const { offset, size } of track.samples) {
        const buffer = Buffer.alloc(size)
        await file.read(buffer, 0, size, offset)
        bytes.push(buffer)
      }
      return { ...track, bytes }
    }),
  )
}

/** A track that nobody can decode, with bytes of its own for each frame: `seed` and the frame's number. */
export function madeTrack(
  like: Pick<EncodedTrack, 'timescale' | 'parameters'>,
  frames: readonly Omit<EncodedUnit, 'bytes'>[],
  seed: number,
  size: (frame: number) => number,
): EncodedTrack {
  const units = frames.map((frame, number) => {
    const bytes = Buffer.alloc(size(number), seed)
    if (bytes.length >= 4) bytes.writeUInt32BE(number)
    return { ...frame, bytes }
  })
  return { ...like, units }
}
