import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Segment } from '../../../src/recording/types.ts'
import { verifyArchive } from '../../../src/recording/verify/index.ts'
import type { VerifyOptions } from '../../../src/recording/verify/verify-archive.ts'
import { Bench, type BenchOptions } from '../../media/recorder/recording-bench.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** An archive that our recorder has made, with the index and the account that its journal gives. */
export class RecordedArchive {
  readonly bench: Bench
  readonly rows: Segment[] = []
  /** Spans that were asked of the index. */
  asked = 0

  private constructor(bench: Bench) {
    this.bench = bench
  }

  static async open(options: BenchOptions = {}): Promise<RecordedArchive> {
    return new RecordedArchive(await Bench.open(options))
  }

  get path(): string {
    return this.bench.path
  }

  /** Ends all recordings, and takes the journal into the index. The files were changed long ago. */
  async stop(): Promise<void> {
    await this.bench.stop()
    for (const { type: _, ...segment } of this.bench.segments()) {
      const known = this.rows.findIndex(({ path }) => path === segment.path)
      if (known < 0) this.rows.push(segment)
      else this.rows[known] = segment
    }
    this.rows.sort((a, b) => a.start - b.start)
    for (const { path } of this.rows) this.age(path)
  }

  /** The file was changed an hour ago. */
  age(path: string): void {
    const then = Date.now() / 1_000 - 3_600
    utimesSync(join(this.path, path), then, then)
  }

  absolute(path: string): string {
    return join(this.path, path)
  }

  verify(options: Partial<VerifyOptions> = {}) {
    return verifyArchive({
      sources: {
        storage: this.path,
        segments: (camera, { start, end }, stream) => {
          this.asked++
          return this.rows.filter(
            row => row.camera === camera && row.stream === stream && row.start < end && row.end > start,
          )
        },
        account: async (camera, { start, end }) =>
          this.bench
            .gaps()
            .filter(gap => gap.camera === camera && gap.start < end && gap.end > start)
            .map(gap => ({ start: gap.start, end: gap.end, state: 'other', detail: gap.reason })),
      },
      configured: [],
      deep: true,
      clock: new FakeClock(Date.now()),
      ...options,
    })
  }
}
