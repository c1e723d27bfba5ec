import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { SiteConfig } from '../config/types.ts'
import { ownVersion } from '../daemon/version.ts'
import { systemClock } from '../kernel/clock.ts'
import { systemCode, VmsError } from '../kernel/errors.ts'
import { formatInstant } from '../kernel/instant.ts'
import { formatSize } from '../kernel/units.ts'
import type { StreamRole } from '../media/frame.ts'
import {
  type EvidenceOptions,
  type ExportedCamera,
  exportCamera,
  openPlayback,
  ownPrivateKey,
  type PlaybackEnd,
  readPrivateKey,
  type Snapshot,
  takeSnapshot,
  writeError,
} from '../recording/export/index.ts'
import { type Archive, openArchive } from '../recording/index.ts'
import type { Interval } from '../recording/types.ts'
import { archiveCameras } from './archive-cameras.ts'
import { currentUser } from './camera-selection.ts'
import { stateDirOf } from './daemon-client.ts'
import type { LongWorkContext } from './long-work.ts'

/** What `archive export` was asked for. */
export interface ExportFlags {
  readonly named: readonly string[]
  readonly group?: string | undefined
  readonly stream: StreamRole
  /** What the span ends behind now it loses. */
  readonly span: Interval
  readonly output: string
  readonly gaps: 'keep' | 'close'
  readonly audio: boolean
  readonly segments: boolean
  readonly evidence: boolean
  readonly key?: string | undefined
  readonly force: boolean
  readonly 'state-dir'?: string | undefined
}

/** What an export wrote; times are RFC 3339. */
export interface ExportReport {
  readonly asked: { readonly from: string; readonly to: string; readonly timezone: string }
  readonly cameras: readonly ExportedCamera[]
  /** Cameras, of several, that have nothing in the span, or could not be exported. */
  readonly failed: readonly {
    readonly camera: string
    readonly code: string
    readonly message: string
    readonly hint?: string
  }[]
  readonly bytes: number
  /** All of the footage that was to be there went into the files. */
  readonly ok: boolean
}

/** Exports cameras of a site. Of several, one that cannot be exported does not keep the others back. */
export async function exportSite(
  config: SiteConfig,
  flags: ExportFlags,
  { progress, signal }: LongWorkContext,
): Promise<ExportReport> {
  const { span, stream, force } = flags
  const from = span.start
  const to = Math.min(span.end, systemClock.wall())
  return withArchive(config, flags, async archive => {
    const ids = camerasOf(archive, flags)
    const target = targetOf(flags, ids.length)
    const evidence = flags.evidence ? await evidenceOptions(flags) : undefined
    const exported: ExportedCamera[] = []
    const failed: ExportReport['failed'][number][] = []
    for (const camera of ids) {
      const place = ids.length > 1 ? `${camera} (${exported.length + failed.length + 1} of ${ids.length})` : camera
      progress(place)
      const { gaps, audio, segments: originals } = flags
      try {
        const request = {
          camera,
          stream,
          from,
          to,
          keepGaps: gaps === 'keep',
          audio,
          originals,
          target,
          force,
          evidence,
        }
        exported.push(
          await exportCamera(request, {
            archive,
            now: () => systemClock.wall(),
            token,
            signal,
            progress: (done, total) =>
              progress(`${place}: ${formatSize(done)} of ${formatSize(total)}, ${Math.floor((100 * done) / total)} %`),
          }),
        )
      } catch (error) {
        if (signal.aborted || ids.length === 1 || !(error instanceof VmsError) || !OF_ONE_CAMERA.has(error.code))
          throw error
        const { code, message, hint } = error
        failed.push({ camera, code, message, ...(hint === undefined ? {} : { hint }) })
      }
    }
    const { timezone } = config.site
    return {
      asked: { from: formatInstant(from, timezone), to: formatInstant(to, timezone), timezone },
      cameras: exported,
      failed,
      bytes: exported.reduce((sum, { bytes }) => sum + bytes, 0),
      ok: failed.length === 0 && exported.every(({ problems }) => problems.length === 0),
    }
  })
}

/**
 * Writes a span of one camera to a pipe as fragmented MP4, as fast as its reader takes it. Gives why it ended: `closed` when the
 * reader wanted no more.
 */
export function pipeSite(
  config: SiteConfig,
  flags: Omit<ExportFlags, 'output' | 'segments' | 'evidence' | 'key' | 'force'>,
  output: Writable,
  signal: AbortSignal,
): Promise<PlaybackEnd | { readonly reason: 'closed' }> {
  const { span, stream, gaps, audio } = flags
  return withArchive(config, flags, async archive => {
    const [camera, ...more] = camerasOf(archive, flags)
    if (camera === undefined || more.length > 0)
      throw new VmsError('VMS_E_USAGE', `${more.length + 1} cameras cannot go to standard output`)
    const to = Math.min(span.end, systemClock.wall())
    const request = { camera, stream, from: span.start, to, keepGaps: gaps === 'keep', audio }
    const { bytes } = await openPlayback(archive, request, signal)
    for (;;) {
      const { done, value } = await bytes.next()
      if (done) return value
      try {
        if (!output.writable) return { reason: 'closed' }
        if (!output.write(value)) await once(output, 'drain', { signal })
      } catch (error) {
        signal.throwIfAborted()
        if (systemCode(error) === 'EPIPE') return { reason: 'closed' }
        throw error
      }
    }
  })
}

/** What goes wrong with one camera says nothing of the next; a full disk does. */
const OF_ONE_CAMERA = new Set([
  'VMS_E_NO_FOOTAGE',
  'VMS_E_FOOTAGE_DAMAGED',
  'VMS_E_MIXED_PARAMETERS',
  'VMS_E_FILE_EXISTS',
])

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
  return withArchive(config, flags, async archive => {
    const [camera] = camerasOf(archive, { named: [flags.camera] })
    const request = { camera: camera!, stream, at, path: resolve(flags.output), force }
    return takeSnapshot(request, { archive, clock: systemClock, token, signal })
  })
}

async function withArchive<T>(
  config: SiteConfig,
  flags: { readonly 'state-dir'?: string | undefined },
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = await openArchive({ config, stateDir: stateDirOf(flags), clock: systemClock })
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}

function camerasOf(
  archive: Archive,
  { named, group }: { readonly named: readonly string[]; readonly group?: string | undefined },
): string[] {
  if (named.length === 0 && group === undefined)
    throw new VmsError('VMS_E_USAGE', 'no camera named', { hint: 'Name cameras, or --group G.' })
  return archiveCameras(archive.config.cameras, archive.cameras(), named, group)
}

/** Several cameras, and segments, go into a directory, which is made when it is missing; so does a clip when `output` is one. */
function targetOf({ output, segments, group }: ExportFlags, cameras: number) {
  const path = resolve(output)
  if (cameras === 1 && group === undefined && !segments && !output.endsWith('/') && !isDirectory(path))
    return { file: path }
  try {
    mkdirSync(path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw writeError(path, error)
    if (!isDirectory(path)) throw new VmsError('VMS_E_FILE_EXISTS', `${path} is a file, and several are to be written`)
  }
  return { directory: path }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

async function evidenceOptions(flags: ExportFlags): Promise<EvidenceOptions> {
  const key =
    flags.key === undefined ? await ownPrivateKey(stateDirOf(flags), token()) : await readPrivateKey(resolve(flags.key))
  return { key, by: currentUser(), host: hostname(), tool: `vmsctl ${ownVersion()}` }
}

function token(): string {
  return randomBytes(6).toString('hex')
}
