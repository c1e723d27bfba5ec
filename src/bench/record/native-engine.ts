import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DaemonClient, startDaemon, stopDaemon } from '../../daemon/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { findWorkers } from '../../supervision/index.ts'
import type { BenchEngine } from './engine.ts'

/** Cameras that may connect in a second: a load test need not spare the switch. */
const CONNECTS = 100

/** vmsctl itself: a daemon and its media workers, with a state directory of their own. `version` is ours. */
export function nativeEngine(clock: Clock, segmentSeconds: number, stateDir: string, version: string): BenchEngine {
  let daemon: number | undefined
  return {
    name: 'native',
    version: `vmsctl ${version}`,
    start: async (cameras, directory) => {
      await mkdir(stateDir, { recursive: true })
      const config = join(stateDir, 'vms.yaml')
      // JSON is YAML.
      const site = {
        site: { name: 'bench', timezone: 'UTC' },
        storage: { path: directory, segment: `${segmentSeconds}s` },
        gateway: { listen: '127.0.0.1:0' },
        viewing: { listen: 'never' },
        mediamtx: { run: 'never' },
        limits: { connects_per_second: CONNECTS, connects_per_host: 64 },
        cameras: cameras.map(({ id, url }) => ({ id, main: url })),
      }
      await writeFile(config, JSON.stringify(site))
      await startDaemon({ config, stateDir, clock })
      daemon = (await new DaemonClient(stateDir).health()).pid
    },
    processes: () => [...(daemon === undefined ? [] : [daemon]), ...findWorkers(stateDir).map(worker => worker.pid)],
    stop: async () => {
      if (daemon === undefined) return
      daemon = undefined
      await stopDaemon({ stateDir, recorders: true, clock })
    },
  }
}
