import { integer, string } from '@oclif/core/flags'
import type { RecordBenchReport } from '../../src/bench/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { longWork } from '../../src/cli/long-work.ts'
import { renderTable } from '../../src/cli/table.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { parseBitRate } from '../../src/kernel/units.ts'

const PEERS = ['ffmpeg', 'mediamtx'] as const

/** Exits 8 when our own recorder lost a frame. */
export default class BenchRecord extends BaseCommand {
  static override summary = 'Measure what recording costs on this machine, beside ffmpeg and MediaMTX'
  static override description =
    `Virtual cameras in a process of their own are recorded by one engine after the other. CPU, memory and bytes of all
processes of the engine are measured, and every frame on disk is counted. Needs disk for one engine at a time:
cameras x bit rate x time. Everything is removed at the end, also after Ctrl-C.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cameras 200 --bitrate 4Mbps --seconds 60 --against ffmpeg,mediamtx',
    '<%= config.bin %> <%= command.id %> --against mediamtx --rounds 4',
    '<%= config.bin %> <%= command.id %> --cameras 20 --seconds 10 --json',
  ]

  static override flags = {
    cameras: integer({ default: 200, min: 1, max: 10_000, description: 'number of virtual cameras' }),
    bitrate: string({ default: '4Mbps', description: 'bit rate of each' }),
    seconds: integer({ default: 60, min: 1, max: 86_400, description: 'time measured for each engine' }),
    rounds: integer({
      default: 1,
      min: 1,
      max: 100,
      description: 'times that all engines run, every other time in reverse order',
    }),
    segment: integer({ default: 180, min: 1, max: 3_600, description: 'seconds of a segment' }),
    against: string({ default: '', description: `peers to run too, of ${PEERS.join(', ')}; separated by commas` }),
    dir: string({ description: 'directory on the disk to measure (default: the temporary directory)' }),
  }

  async run(): Promise<RecordBenchReport> {
    const { flags } = await this.parse(BenchRecord)
    const peers = flags.against.split(',').filter(name => name !== '')
    const unknown = peers.find(name => !(PEERS as readonly string[]).includes(name))
    if (unknown !== undefined)
      throw new VmsError('VMS_E_USAGE', `--against: "${unknown}" is none of ${PEERS.join(', ')}`)
    const bitrate = parseBitRate(flags.bitrate)
    const bench = await import('../../src/bench/index.ts')
    const makers = {
      ffmpeg: () => bench.ffmpegEngine(systemClock, flags.segment),
      mediamtx: () => bench.mediaMtxEngine(systemClock, flags.segment),
    }
    const report = await longWork('bench record', flags.quiet || this.jsonEnabled(), ({ progress, signal }) =>
      bench.runRecordBench({
        cameras: flags.cameras,
        bitrate,
        duration: flags.seconds * 1_000,
        segmentSeconds: flags.segment,
        rounds: flags.rounds,
        directory: flags.dir,
        engines: [
          stateDir => bench.nativeEngine(systemClock, flags.segment, stateDir, this.config.version),
          ...peers.map(name => makers[name as (typeof PEERS)[number]]),
        ],
        clock: systemClock,
        signal,
        progress,
      }),
    )
    this.result(bench.renderRecordBench(report, renderTable))
    const ours = report.results[0]
    if (ours && (ours.framesLost > 0 || ours.camerasWithout > 0)) this.fail(8)
    return report
  }
}
