import { resolve } from 'node:path'
import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import type { StreamRole } from '../media/frame.ts'
import { type Snapshot, takeSnapshot } from '../recording/export/index.ts'
import { stateDirOf } from './daemon-client.ts'
import { camerasOf, token } from './named-footage.ts'
import { withArchive } from './with-archive.ts'

export interface SnapshotFlags {
  readonly camera: string
  readonly stream: StreamRole
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly output: string
  readonly force: boolean
  readonly 'state-dir'?: string | undefined
}

/** Writes the picture that a camera of a site showed at an instant. */
export function snapshotSite(config: SiteConfig, flags: SnapshotFlags, signal: AbortSignal): Promise<Snapshot> {
  const { stream, at, force } = flags
  return withArchive(config, stateDirOf(flags), async archive => {
    const [camera] = camerasOf(archive, { named: [flags.camera] })
    const request = { camera: camera!, stream, at, path: resolve(flags.output), force }
    return takeSnapshot(request, { archive, clock: systemClock, token, signal })
  })
}
