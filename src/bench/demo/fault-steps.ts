import { formatDuration } from '../../kernel/units.ts'
import type { DemoRun } from './demo-run.ts'
import { killDaemon, killWorker, rebootCamera } from './faults.ts'

/** When each fault begins, as a share of the recording. */
const AT = { daemon: 0.15, worker: 0.4, reboot: 0.6 }

export async function withoutDaemon(run: DemoRun): Promise<string> {
  const { stage } = run
  await run.recordUntil(AT.daemon)
  const before = (await stage.status()).workers.map(worker => worker.pid)
  const fault = await killDaemon(stage)
  run.faults.push(fault)
  const { workers } = await stage.status()
  const pids = workers.map(worker => worker.pid)
  run.adopted = workers.every(({ pid, adopted }, index) => adopted && pid === before[index])
  const those = pids.length === 1 ? 'media worker' : 'media workers'
  const kept = run.adopted ? `adopted the ${those}` : `did not adopt the ${those}; there is now`
  const gone = `daemon ${fault.pid} was gone for ${formatDuration(fault.to - fault.from)}`
  return `${gone}; daemon ${fault.newPid} ${kept} ${pids.join(' and ')}`
}

export async function withoutWorker(run: DemoRun): Promise<string> {
  await run.recordUntil(AT.worker)
  const fault = await killWorker(run.stage, run.cast.slot)
  run.faults.push(fault)
  const cameras = fault.cameras.length === 1 ? 'its camera plays' : `its ${fault.cameras.length} cameras play`
  return `worker ${fault.newPid} took the place of ${fault.pid}: ${cameras} again ${formatDuration(fault.recovered)} after the kill`
}

export async function withoutCamera(run: DemoRun): Promise<string> {
  await run.recordUntil(AT.reboot)
  const fault = await rebootCamera(run.stage, run.cast.rebooted)
  run.faults.push(fault)
  return `${run.cast.rebooted} plays again ${formatDuration(fault.recovered)} after it went down`
}
