import type { SiteStatus } from '../../daemon/index.ts'
import { VmsError } from '../../kernel/errors.ts'
import { redactUrl } from '../../kernel/redact.ts'
import { formatDuration } from '../../kernel/units.ts'
import type { DemoRun } from './demo-run.ts'
import { DemoMeters } from './meters.ts'
import type { DemoStage } from './stage.ts'

/** Milliseconds within which every camera must be on disk. */
const FIRST_FRAME = 30_000
/** What a camera answers that will not change by waiting: wrong login, wrong path. */
const HOPELESS = /^40[134]\b/

/** The virtual cameras, in a process of their own. */
export async function startCameras({ stage, options }: DemoRun): Promise<string> {
  await stage.prepareArchive()
  const simulator = await stage.startCameras(options.cameras)
  return `${options.cameras} at ${simulator.url}, every frame numbered (process ${simulator.pid})`
}

/** The daemon and its workers; over when every camera has footage on disk. */
export async function startRecording(run: DemoRun): Promise<string> {
  const { stage } = run
  const { urls, clock } = run.options
  if (urls.length > 0) {
    await stage.prepareArchive()
    stage.sources = urls.map((url, index) => ({ id: `camera-${index + 1}`, url }))
  }
  await stage.configure()
  const begun = clock.monotonic()
  const health = await stage.startDaemon()
  const started = await stage.until(FIRST_FRAME, async () => {
    const status = await stage.status()
    if (status.cameras.some(({ main }) => HOPELESS.test(main?.reason ?? ''))) throw notRecording(stage, status)
    return status.cameras.every(camera => camera.recording?.lastWritten) ? status : undefined
  })
  if (!started) throw notRecording(stage, await stage.status())
  run.begin()
  run.slots = new Map(started.cameras.map(camera => [camera.id, camera.worker ?? 0]))
  run.meters = new DemoMeters(stage, clock)
  const pids = started.workers.map(worker => worker.pid)
  const took = formatDuration(clock.monotonic() - begun)
  const workers = `media worker${pids.length === 1 ? '' : 's'} ${pids.join(' and ')}`
  return `${started.cameras.length} on disk after ${took} (daemon ${health.pid}, ${workers})`
}

function notRecording(stage: DemoStage, { cameras }: SiteStatus): VmsError {
  const reasons = cameras
    .filter(camera => !camera.recording?.lastWritten)
    .map(({ id, reason }) => {
      const url = stage.sources.find(source => source.id === id)?.url ?? ''
      return `${id} (${redactUrl(url)}): ${reason ?? 'no frame came'}`
    })
  return new VmsError('VMS_E_REMOTE', `not recorded: ${reasons.join('; ')}`)
}

/** A viewer on each camera in turn, for the time it takes; then one that stays to the end. */
export async function joinAsViewer(run: DemoRun): Promise<string> {
  for (const { id } of run.stage.sources) {
    const viewer = await run.join(id)
    run.joins.push(viewer.joined!)
    viewer.leave()
  }
  run.viewer = await run.join(run.cast.watched)
  return `first key frame after ${Math.round(run.viewer.joined!)} ms; it goes on watching ${run.viewer.url}`
}
