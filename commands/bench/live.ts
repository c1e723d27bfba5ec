import { integer, string } from '@oclif/core/flags'
import type { LiveBenchReport } from '../../src/bench/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { longWork } from '../../src/cli/long-work.ts'
import { renderTable } from '../../src/cli/table.ts'
import { systemClock } from '../../src/kernel/clock.ts'

/** Exits 8 when a stream of a camera was pulled twice at once, or a viewer of ours missed a frame. */
export default class BenchLive extends BaseCommand {
  static override summary = 'Measure live streams through MediaMTX, beside MediaMTX doing it all alone'
  static override description =
    `First how long a viewer waits for the first key frame of a sub-stream that nobody watched, at both in turn, on the same
virtual cameras. Then what it costs to record all cameras and to serve some sub-streams, one of them to many; each
viewer counts the numbered frames it gets. MediaMTX must be on PATH. Everything is removed at the end, also after Ctrl-C.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --starts 0 --rounds 4',
    '<%= config.bin %> <%= command.id %> --cameras 4 --streams 2 --viewers 3 --seconds 3 --starts 2 --json',
  ]

  static override flags = {
    cameras: integer({ default: 200, min: 1, max: 10_000, description: 'virtual cameras that are recorded' }),
    streams: integer({ default: 40, min: 1, max: 10_000, description: 'sub-streams that are watched' }),
    viewers: integer({ default: 100, min: 1, max: 10_000, description: 'viewers of the first of them' }),
    seconds: integer({ default: 20, min: 0, max: 86_400, description: 'time measured for each engine; 0: no load' }),
    rounds: integer({
      default: 2,
      min: 1,
      max: 100,
      description: 'times that both run under load, every other time in reverse order',
    }),
    starts: integer({ default: 40, min: 0, max: 10_000, description: 'cold starts at each, of each kind; 0: none' }),
    dir: string({ description: 'directory to record to (default: the temporary directory)' }),
  }

  async run(): Promise<LiveBenchReport> {
    const { flags } = await this.parse(BenchLive)
    const bench = await import('../../src/bench/index.ts')
    const report = await longWork('bench live', flags.quiet || this.jsonEnabled(), ({ progress, signal }) =>
      bench.runLiveBench({
        ...{ cameras: flags.cameras, streams: Math.min(flags.streams, flags.cameras), viewers: flags.viewers },
        ...{ duration: flags.seconds * 1_000, rounds: flags.rounds, coldStarts: flags.starts, directory: flags.dir },
        engines: [
          options => bench.vmsctlEngine(systemClock, this.config.version, options, signal),
          options => bench.mediaMtxAlone(systemClock, options),
        ],
        clock: systemClock,
        random: Math.random,
        signal,
        progress,
      }),
    )
    this.result(bench.renderLiveBench(report, renderTable))
    const ours = report.load.filter(({ engine }) => engine === 'vmsctl')
    if (ours.some(({ connectionsOfStream, missing }) => connectionsOfStream > 1 || missing > 0)) this.fail(8)
    return report
  }
}
