import { spawnSync } from 'node:child_process'

/** Whether a program is on PATH and starts. Tests that need one that is not are skipped by name. */
export function hasProgram(program: string, args: readonly string[] = ['-version']): boolean {
  const { error, signal } = spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 })
  return error === undefined && signal === null
}

/** GStreamer's RTSP server with Python: the camera nobody here wrote. */
export function hasGstRtspServer(): boolean {
  const script = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
  return spawnSync('/usr/bin/python3', ['-c', script], { stdio: 'ignore', timeout: 20_000 }).status === 0
}
