import { integer, string } from '@oclif/core/flags'
import type { DemoReport } from '../src/bench/index.ts'
import { BaseCommand } from '../src/cli/base-command.ts'
import { interruptible } from '../src/cli/long-work.ts'
import { runSteps } from '../src/cli/run-steps.ts'
import { renderTable } from '../src/cli/table.ts'
import { systemClock } from '../src/kernel/clock.ts'

/** Exits 8 when a promise was not held. */
export default class Demo extends BaseCommand {
  static override summary = 'Record cameras through kills and faults, and prove that nothing is missing'
  static override description =
    `Virtual cameras are recorded by a daemon of their own while it is killed, a media worker is killed and a camera reboots; then
every frame that was sent is looked for on disk. With --camera real cameras are recorded instead. Nothing is installed or left
running; only the recordings stay.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --camera rtsp://admin:secret@10.0.0.11/stream1 --seconds 60',
  ]

  static override flags = {
    camera: string({ multiple: true, description: 'URL of a real camera, login and all; may be repeated' }),
    cameras: integer({ default: 8, min: 1, max: 500, description: 'number of virtual cameras' }),
    seconds: integer({ default: 20, min: 10, max: 3_600, description: 'time of recording' }),
    dir: string({ description: 'directory of the recordings (default: vmsctl-demo-TIME in this one)' }),
  }

  async run(): Promise<DemoReport> {
    const { flags } = await this.parse(Demo)
    const bench = await import('../src/bench/index.ts')
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const report = await interruptible(async signal => {
      const demo = new bench.Demo({
        cameras: flags.cameras,
        urls: bench.checkDemoUrls(flags.camera ?? []),
        duration: flags.seconds * 1_000,
        directory: flags.dir ?? `vmsctl-demo-${time}`,
        clock: systemClock,
        random: Math.random,
        signal,
      })
      try {
        await runSteps(demo.steps, flags.quiet || this.jsonEnabled())
        return await demo.report()
      } finally {
        await demo.close()
      }
    })
    this.result(bench.renderDemo(report, renderTable, process.cwd()))
    if (!report.ok) this.fail(8)
    return report
  }
}
