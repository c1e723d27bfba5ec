import { stat } from 'node:fs/promises'
import { VmsError } from '../../kernel/errors.ts'
import { formatDuration } from '../../kernel/units.ts'
import { processesOf } from '../own-processes.ts'
import { DemoRun } from './demo-run.ts'
import { withoutCamera, withoutDaemon, withoutWorker } from './fault-steps.ts'
import { REBOOT } from './faults.ts'
import { joinAsViewer, startCameras, startRecording } from './first-steps.ts'
import { judgeDemo } from './judge.ts'
import { finishRecording, proveRecordings } from './last-steps.ts'
import type { DemoOptions, DemoReport } from './types.ts'

/** A step of the demo, for whoever shows it. `run` gives what came of it, in a sentence. */
export interface DemoStep {
  readonly title: string
  run(): Promise<string>
}

/** The demo: its steps are to be run in order, then its report asked for. `close` is called at the end, however that came. */
export class Demo {
  readonly steps: readonly DemoStep[]
  readonly #run: DemoRun
  /** The report is out: what it points to must stay. */
  #reported = false

  constructor(options: DemoOptions) {
    const run = new DemoRun(options)
    this.#run = run
    const virtual = options.urls.length === 0
    const step = (title: string, act: (run: DemoRun) => Promise<string>): DemoStep => ({
      title,
      run: () => perform(run, act),
    })
    this.steps = [
      ...(virtual ? [step(`Start ${options.cameras} virtual cameras`, startCameras)] : []),
      step('Start the daemon and record every camera', startRecording),
      step('Join as a viewer, through the gateway', joinAsViewer),
      step('kill -9 the daemon, and start another', withoutDaemon),
      step('kill -9 a media worker', withoutWorker),
      ...(virtual ? [step(`Reboot a camera (${formatDuration(REBOOT)})`, withoutCamera)] : []),
      step('Record on, then end everything in order', finishRecording),
      step('Read back every frame', proveRecordings),
    ]
  }

  /** What came of it. To be asked after the last step, before `close`. */
  async report(): Promise<DemoReport> {
    const { stage, proof, usage, watched, viewer, joins, faults, adopted, recorded } = this.#run
    if (!proof || !usage || !watched || !viewer)
      throw new VmsError('VMS_E_BUG', 'the demo was asked for its report before its end')
    const { cameras } = proof
    const verdict = judgeDemo(proof, adopted, processesOf(stage.stateDir).length)
    const sizes = await sizesOf(cameras.flatMap(camera => camera.files))
    const largest = cameras[0]?.files.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))[0]
    const logs = verdict.ok ? null : await stage.keepLogs()
    await stage.pause(0)
    this.#reported = true
    return {
      ...verdict,
      virtual: stage.simulator !== undefined,
      duration: Math.round(recorded),
      cameras,
      faults,
      viewer: { url: viewer.url, joins: joins.map(Math.round), ...watched },
      usage,
      recordings: {
        directory: stage.archive,
        files: sizes.size,
        bytes: [...sizes.values()].reduce((total, size) => total + size, 0),
      },
      play: largest ?? null,
      logs,
    }
  }

  /** Ends everything that runs, and removes all but the recordings; an interrupted demo leaves none either. */
  async close(): Promise<void> {
    this.#run.meters?.cancel()
    this.#run.viewer?.leave()
    await this.#run.stage.close(this.#reported ? 'all' : this.#run.options.signal.aborted ? 'nothing' : 'recordings')
  }
}

/** An interrupted step has one reason to fail, whatever fell over first. */
async function perform(run: DemoRun, act: (run: DemoRun) => Promise<string>): Promise<string> {
  try {
    const outcome = await act(run)
    await run.stage.pause(0)
    return outcome
  } catch (error) {
    await run.stage.pause(0)
    throw error
  }
}

async function sizesOf(files: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const file of files) sizes.set(file, (await stat(file)).size)
  return sizes
}
