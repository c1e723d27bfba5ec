import { boolean, integer, option } from '@oclif/core/flags'
import type { JoinBenchReport } from '../../src/bench/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { longWork } from '../../src/cli/long-work.ts'
import { renderTable } from '../../src/cli/table.ts'
import { systemClock } from '../../src/kernel/clock.ts'

/** Exits 8 when the 95th percentile is over the promised 150 ms. */
export default class BenchJoin extends BaseCommand {
  static override summary = 'Measure how long a viewer who joins a running stream waits for the first key frame'
  static override description =
    `Virtual cameras are recorded, and viewers join their streams through the gateway, one after the other, at random
moments between two key frames.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --joins 200 --against-mediamtx',
    '<%= config.bin %> <%= command.id %> --cameras 4 --joins 20 --json',
  ]

  static override flags = {
    cameras: integer({ default: 20, min: 1, max: 1_000, description: 'number of virtual cameras' }),
    joins: integer({ default: 100, min: 1, max: 10_000, description: 'viewers, one after the other' }),
    stream: option({
      options: ['main', 'sub'] as const,
      default: 'main' as const,
      description: 'which streams are joined; sub-streams are kept running by one viewer each',
    })(),
    gop: integer({ default: 50, min: 2, max: 250, description: 'frames from one key frame to the next, at 25 fps' }),
    limit: integer({ default: 150, min: 1, description: 'milliseconds that the 95th percentile may take' }),
    'against-mediamtx': boolean({ description: 'join the same cameras through MediaMTX too' }),
  }

  async run(): Promise<JoinBenchReport> {
    const { flags } = await this.parse(BenchJoin)
    const { runJoinBench } = await import('../../src/bench/index.ts')
    const report = await longWork('bench join', flags.quiet || this.jsonEnabled(), context =>
      runJoinBench({
        ...context,
        cameras: flags.cameras,
        joins: flags.joins,
        stream: flags.stream,
        gop: flags.gop,
        againstMediaMtx: flags['against-mediamtx'],
        clock: systemClock,
        random: Math.random,
      }),
    )
    const rows = report.results.map(({ server, joins, p50, p95, max }) => [
      server,
      String(joins),
      `${p50} ms`,
      `${p95} ms`,
      `${max} ms`,
    ])
    this.result(`First key frame after joining a ${report.stream} stream; key frames every ${report.gop} s.\n`)
    this.result(renderTable(['server', 'joins', 'p50', 'p95', 'max'], rows))
    if (report.results[0]!.p95 > flags.limit) this.fail(8)
    return report
  }
}
