import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SegmentMark } from '../../src/wire/mp4/index.ts'
import { mux } from '../support/mux.ts'
import { H264 } from '../wire/mp4/support.ts'
import { madeTrack } from './export/support.ts'

/** A storage directory with small segments that our own writer made. Dispose of it. */
export class SmallStorage implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'vms-storage-'))
  readonly path = join(this.dir, 'archive')

  constructor() {
    mkdirSync(this.path)
  }

  absolute(path: string): string {
    return join(this.path, path)
  }

  /** Bytes of a segment of so many seconds, ten pictures each. */
  bytes(start: number, seconds: number, mark: Partial<SegmentMark> = {}, open = false): Buffer {
    const frames = Array.from({ length: seconds * 10 }, (_, number) => ({
      decodeTime: number * 9_000,
      compositionOffset: 0,
      duration: 9_000,
      key: number % 10 === 0,
    }))
    const track = madeTrack({ timescale: 90_000, parameters: H264 }, frames, 1, () => 40)
    const whole: SegmentMark = {
      version: 1,
      site: 'warehouse',
      camera: 'gate-1',
      stream: 'main',
      session: `s${start}`,
      number: 0,
      wallStart: start,
      mediaTime: 0,
      timescale: 90_000,
      reason: 'reconnect',
      clockOffset: null,
      ...mark,
    }
    return mux([track], { mark: whole, open })
  }

  /** Puts a segment where the recorder would, changed last a while after its end. Gives its path. */
  add(start: number, seconds: number, mark: Partial<SegmentMark> = {}, open = false): string {
    const iso = new Date(start).toISOString()
    const name = `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
    const path = `${mark.camera ?? 'gate-1'}/${mark.stream ?? 'main'}/${iso.slice(0, 10)}/${name}.mp4`
    this.write(path, this.bytes(start, seconds, mark, open), start + seconds * 1_000)
    return path
  }

  write(path: string, bytes: Buffer, changed: number): void {
    mkdirSync(dirname(this.absolute(path)), { recursive: true })
    writeFileSync(this.absolute(path), bytes)
    utimesSync(this.absolute(path), changed / 1_000, changed / 1_000)
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
