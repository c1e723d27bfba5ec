import { formatBitRate, formatDuration } from '../../kernel/units.ts'
import type { DemoRun } from './demo-run.ts'
import { proveReal } from './proof-real.ts'
import { proveVirtual } from './proof-virtual.ts'

/** Milliseconds of recording behind the last fault: its damage must be seen, and a killed worker's file closed. */
const AFTERWARDS = 4_000
/** Milliseconds of silence before the end: all that was sent has arrived then, and sent and recorded frames can be compared. */
const SILENCE = 500

/** Records to the end of the time, then ends viewer, daemon and workers in order. */
export async function finishRecording(run: DemoRun): Promise<string> {
  const { stage, viewer, meters } = run
  const least = run.elapsed + AFTERWARDS
  await run.recordUntil(1)
  await stage.pause(Math.max(0, least - run.elapsed))
  const { summary } = await stage.status()
  if (viewer) {
    const { frames, longestPause, reconnects } = viewer
    run.watched = { frames, longestPause: Math.round(longestPause), reconnects }
    viewer.leave()
  }
  run.usage = meters?.end()
  run.recorded = run.elapsed
  run.ended = run.options.clock.wall()
  if (stage.simulator) {
    await stage.simulator.client.fault('*:freeze')
    await stage.pause(SILENCE)
  }
  await stage.stopRecording()
  return `${formatDuration(run.recorded)} recorded at ${formatBitRate(summary.bitrate)}; daemon and media workers have ended`
}

/** Reads everything back and compares it. */
export async function proveRecordings(run: DemoRun): Promise<string> {
  const { simulator, archive, sources } = run.stage
  if (simulator) {
    const { streams } = await simulator.client.statistics()
    await simulator.stop()
    run.proof = await proveVirtual(archive, streams, run.faults)
  } else {
    const ids = sources.map(source => source.id)
    run.proof = await proveReal(archive, ids, run.faults, run.ended)
  }
  const { cameras } = run.proof
  const frames = cameras.reduce((total, camera) => total + camera.onDisk, 0)
  return `${frames} frames in ${cameras.reduce((total, camera) => total + camera.files.length, 0)} files`
}
