import type { Clock } from '../../kernel/clock.ts'
import { BenchSite } from './bench-site.ts'
import type { LiveEngine, LiveEngineOptions } from './engine.ts'

/** vmsctl and the MediaMTX that reads from its gateway. `version` is ours. */
export function vmsctlEngine(
  clock: Clock,
  version: string,
  options: LiveEngineOptions,
  signal: AbortSignal,
): LiveEngine {
  let site: BenchSite | undefined
  return {
    name: 'vmsctl',
    version: `vmsctl ${version} with MediaMTX`,
    start: async cameras => {
      site = await BenchSite.start(cameras, options, clock, signal)
    },
    viewerUrl: camera => `rtsp://${site?.doors.rtsp}/live/${camera}?token=${site?.token}`,
    processes: () => site?.processes() ?? [],
    stop: async () => {
      await site?.stop()
      site = undefined
    },
  }
}
