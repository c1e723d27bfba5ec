import type { CameraReport } from '../../daemon/index.ts'
import { VmsError } from '../../kernel/errors.ts'
import { isRunning, readIdentity } from '../../process/index.ts'
import { kill } from '../own-processes.ts'
import type { DemoStage } from './stage.ts'
import type { DemoFault } from './types.ts'

/** Milliseconds without a daemon, so that it is seen to be missed by nobody. */
const WITHOUT_DAEMON = 1_500
/** Milliseconds that anything may take to come back before the demo gives up. */
const RECOVERY_LIMIT = 30_000
/** Milliseconds that the camera is away. */
export const REBOOT = 2_000

/** Kills the daemon, lets the workers record on without one, and starts another, which must adopt them. */
export async function killDaemon(stage: DemoStage): Promise<DemoFault> {
  const { clock } = stage
  const { pid } = await stage.client.health()
  const from = clock.wall()
  await killAndWait(stage, pid)
  await stage.pause(WITHOUT_DAEMON)
  const begun = clock.monotonic()
  const health = await stage.startDaemon()
  return {
    kind: 'daemon-killed',
    from,
    to: clock.wall(),
    recovered: clock.monotonic() - begun,
    cameras: stage.sources.map(source => source.id),
    pid,
    newPid: health.pid,
  }
}

/** Kills the media worker of a slot, and waits until all of its cameras play again in the next one. */
export async function killWorker(stage: DemoStage, slot: number): Promise<DemoFault> {
  const { clock } = stage
  const before = await stage.status()
  const pid = before.workers.find(worker => worker.slot === slot)?.pid
  if (pid === null || pid === undefined) throw new VmsError('VMS_E_BUG', `media worker ${slot} has no process`)
  const cameras = before.cameras.filter(camera => camera.worker === slot).map(camera => camera.id)
  const from = clock.wall()
  await killAndWait(stage, pid)
  const to = clock.wall()
  const back = await stage.until(RECOVERY_LIMIT, async () => {
    const { workers, cameras: all } = await stage.status()
    const next = workers.find(worker => worker.slot === slot)?.pid ?? null
    if (next === null || next === pid) return undefined
    const at = playingAgain(
      all.filter(camera => cameras.includes(camera.id)),
      from,
    )
    return at === undefined ? undefined : { newPid: next, at }
  })
  if (!back) throw new VmsError('VMS_E_TIMEOUT', 'the cameras of the killed media worker did not come back')
  return { kind: 'worker-killed', from, to, recovered: back.at - from, cameras, pid, newPid: back.newPid }
}

/** Makes a virtual camera reboot, and waits until it plays again. */
export async function rebootCamera(stage: DemoStage, camera: string): Promise<DemoFault> {
  const { clock, simulator } = stage
  const from = clock.wall()
  await simulator!.client.fault(`${camera}:reboot@/${REBOOT}ms`)
  const to = clock.wall()
  const at = await stage.until(RECOVERY_LIMIT, async () => {
    const { cameras } = await stage.client.status({ cameras: [camera] })
    return playingAgain(cameras, from)
  })
  if (at === undefined) throw new VmsError('VMS_E_TIMEOUT', `${camera} did not come back from its reboot`)
  return { kind: 'camera-rebooted', from, to, recovered: at - from, cameras: [camera], pid: null, newPid: null }
}

async function killAndWait(stage: DemoStage, pid: number): Promise<void> {
  const identity = readIdentity(pid)
  kill(pid)
  if (identity) await stage.until(RECOVERY_LIMIT, () => (isRunning(identity) ? undefined : true))
}

/** When the last of the cameras began to play, wall-clock milliseconds; undefined while one has not begun since `from`. */
function playingAgain(cameras: readonly CameraReport[], from: number): number | undefined {
  const since = cameras.map(({ main }) => (main?.state === 'playing' && main.since >= from ? main.since : undefined))
  return since.length === 0 || since.includes(undefined) ? undefined : Math.max(...(since as number[]))
}
