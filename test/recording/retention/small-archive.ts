import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '../../../src/database/open.ts'
import { fileName, MARKER_FILE, segmentName } from '../../../src/media/recorder/index.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import type { Segment } from '../../../src/recording/types.ts'
import { closeSegment, FragmentIndex, initSegment, type SegmentMark } from '../../../src/wire/mp4/index.ts'
import { MARK, VIDEO } from '../../wire/mp4/support.ts'
import { segment } from '../support.ts'

export const STORAGE_ID = 'the-storage'

/** The bytes of a closed segment without frames, but with its mark. */
export function markedFile(mark: Partial<SegmentMark>, close = true): Buffer {
  const init = initSegment([VIDEO], { ...MARK, ...mark }, 16)
  const bytes = Buffer.from(init.bytes)
  if (!close) return bytes
  for (const patch of closeSegment(init, new FragmentIndex(init, VIDEO.id), 'duration'))
    patch.bytes.copy(bytes, patch.offset)
  return bytes
}

/** An archive of real files with its index, in a temporary directory. */
export class SmallArchive implements Disposable {
  readonly dir: string
  readonly storage: string
  readonly database: DatabaseSync
  readonly index: SegmentIndex

  /** In a directory of its own, or one that another process made. */
  constructor(dir = mkdtempSync(join(tmpdir(), 'vms-retention-'))) {
    this.dir = dir
    this.storage = join(dir, 'archive')
    mkdirSync(this.storage, { recursive: true })
    if (!existsSync(join(this.storage, MARKER_FILE))) this.mark()
    this.database = openDatabase(join(dir, 'archive.db'), INDEX_SCHEMA)
    this.index = new SegmentIndex(this.database)
    this.index.setComplete(STORAGE_ID, 0)
  }

  /** Writes the marker of the storage. */
  mark(id = STORAGE_ID): void {
    writeFileSync(join(this.storage, MARKER_FILE), `${JSON.stringify({ id, created: '2026-01-01T00:00:00Z' })}\n`)
  }

  absolute({ path }: Segment): string {
    return join(this.storage, path)
  }

  /** Records segments of a camera, one behind the other, into files and index. */
  record(camera: string, start: number, count: number, length: number, over: Partial<Segment> = {}): Segment[] {
    const segments = Array.from({ length: count }, (_, number) => {
      const at = start + number * length
      const name = segmentName(camera, over.stream ?? 'main', at, 'utc', 'UTC')
      const session = `s-${camera}-${start}`
      const path = `${name.directory}/${fileName(name, 0)}`
      const one = { camera, session, number, path, codec: 'h264', ...over }
      const bytes = markedFile({ camera, stream: over.stream ?? 'main', session, number, wallStart: at })
      mkdirSync(dirname(join(this.storage, path)), { recursive: true })
      writeFileSync(join(this.storage, path), bytes)
      return segment(at, at + length, { bytes: bytes.length, ...one })
    })
    this.index.add(segments)
    return segments
  }

  [Symbol.dispose](): void {
    if (this.database.isOpen) this.database.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}
