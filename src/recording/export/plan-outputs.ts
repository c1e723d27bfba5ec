import { basename, dirname, join } from 'node:path'
import { VmsError } from '../../kernel/errors.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { MixedParametersError } from './clip-builder.ts'
import type { CutOptions } from './cuts.ts'
import type { ExportRequest } from './export-camera.ts'
import type { Footage } from './find-footage.ts'
import { utc } from './gaps.ts'
import { noFootage } from './no-footage.ts'
import { type EmptyPlan, type OriginalsPlan, planClip, planOriginals } from './plan-clip.ts'
import { copyWhole, type WriteOptions, type WrittenFile, writeClip } from './write-clip.ts'

/** A file that is to be written. */
interface Output {
  /** Absolute. */
  readonly path: string
  readonly write: (options: WriteOptions) => Promise<WrittenFile>
}

/** What goes into the files of an export, and what they will say. Never empty. */
interface PlannedOutputs {
  readonly plan: OriginalsPlan
  readonly outputs: readonly Output[]
}

/**
 * Lays out what is to be written of a camera: one clip, or its segments as they are. Throws VMS_E_NO_FOOTAGE,
 * VMS_E_FOOTAGE_DAMAGED when nothing of the span can be used, VMS_E_MIXED_PARAMETERS.
 */
export async function planOutputs(
  request: ExportRequest,
  options: CutOptions,
  archive: Footage,
): Promise<PlannedOutputs> {
  if (request.originals) {
    const plan = whole(await planOriginals(options), request, archive)
    const outputs = plan.sources.map(source => ({
      path: originalPath(source.segment.path, request),
      write: (writing: WriteOptions) => copyWhole(source, writing),
    }))
    return { plan, outputs }
  }
  const { keepGaps, audio } = request
  try {
    const plan = whole(await planClip({ ...options, keepGaps, audio }), request, archive)
    return { plan, outputs: [{ path: clipPath(plan.from, request), write: writing => writeClip(plan, writing) }] }
  } catch (error) {
    throw error instanceof MixedParametersError ? mixedParameters(error, request, archive) : error
  }
}

function whole<T extends OriginalsPlan>(plan: T | EmptyPlan, request: ExportRequest, archive: Footage): T {
  if ('sources' in plan) return plan
  const { camera, stream } = request
  if (plan.problems.length === 0) throw noFootage(archive, request, request)
  const list = plan.problems.map(({ path, problem }) => `${path} ${problem}`).join('; ')
  throw new VmsError('VMS_E_FOOTAGE_DAMAGED', `no segment of ${camera} (${stream}) can be used: ${list}`)
}

function mixedParameters({ at, kind }: MixedParametersError, { camera, stream }: ExportRequest, archive: Footage) {
  const shown = formatInstant(at, archive.config.site.timezone)
  const silent = kind === 'sound' ? '--no-audio or ' : ''
  return new VmsError('VMS_E_MIXED_PARAMETERS', `the ${kind} of ${camera} (${stream}) changes at ${shown}`, {
    hint: `Export two clips, one to that instant and one from it, or say ${silent}--segments.`,
    details: { camera, stream, at: utc(at), kind },
  })
}

function clipPath(from: number, request: ExportRequest): string {
  const { target } = request
  return 'file' in target ? target.file : join(target.directory, `${prefixOf(request)}_${compactUtc(from)}.mp4`)
}

function originalPath(path: string, request: ExportRequest): string {
  const { target } = request
  const directory = 'file' in target ? dirname(target.file) : target.directory
  return join(directory, `${prefixOf(request)}_${basename(path)}`)
}

function prefixOf({ camera, stream }: ExportRequest): string {
  return stream === 'sub' ? `${camera}_sub` : camera
}

/** 20261124T140003Z */
function compactUtc(wall: number): string {
  return `${utc(wall).slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
