import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { SiteConfig } from '../config/types.ts'
import { ownVersion } from '../daemon/version.ts'
import { systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { formatInstant } from '../kernel/instant.ts'
import { formatSize } from '../kernel/units.ts'
import type { StreamRole } from '../media/frame.ts'
import {
  type EvidenceOptions,
  type ExportedCamera,
  exportCamera,
  ownPrivateKey,
  readPrivateKey,
} from '../recording/export/index.ts'
import type { Interval } from '../recording/types.ts'
import { currentUser } from './camera-selection.ts'
import { stateDirOf } from './daemon-client.ts'
import { targetOf } from './export-target.ts'
import type { LongWorkContext } from './long-work.ts'
import { camerasOf, token } from './named-footage.ts'
import { withArchive } from './with-archive.ts'

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

/** What goes wrong with one camera says nothing of the next; a full disk does. */
const OF_ONE_CAMERA = new Set([
  'VMS_E_NO_FOOTAGE',
  'VMS_E_FOOTAGE_DAMAGED',
  'VMS_E_FOOTAGE_OPEN',
  'VMS_E_MIXED_PARAMETERS',
  'VMS_E_FILE_EXISTS',
])

/** Exports cameras of a site. Of several, one that cannot be exported does not keep the others back. */
export async function exportSite(
  config: SiteConfig,
  flags: ExportFlags,
  { progress, signal }: LongWorkContext,
): Promise<ExportReport> {
  const { span, stream, force } = flags
  const from = span.start
  const to = Math.min(span.end, systemClock.wall())
  return withArchive(config, stateDirOf(flags), async archive => {
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

async function evidenceOptions(flags: ExportFlags): Promise<EvidenceOptions> {
  const key =
    flags.key === undefined ? await ownPrivateKey(stateDirOf(flags), token()) : await readPrivateKey(resolve(flags.key))
  return { key, by: currentUser(), host: hostname(), tool: `vmsctl ${ownVersion()}` }
}
