import type { KeyObject } from 'node:crypto'
import { basename } from 'node:path'
import { anewWhenChanged } from './anew.ts'
import { MANIFEST_EXTENSION, signManifest } from './evidence.ts'
import { fingerprint, publicKeyText } from './evidence-key.ts'
import { type CameraStream, type Footage, footageOf } from './find-footage.ts'
import { type ClipGap, clipGaps, utc } from './gaps.ts'
import { type HashedSource, hashSource } from './hash-sources.ts'
import type { OriginalsPlan } from './plan-clip.ts'
import { planOutputs } from './plan-outputs.ts'
import { refuseExisting } from './target-file.ts'
import { type WriteOptions, type WrittenFile, writeFile } from './write-clip.ts'

/** What is wanted of one camera. */
export interface ExportRequest extends CameraStream {
  /** Wall-clock milliseconds. */
  readonly from: number
  readonly to: number
  /** Gaps keep their time in the clip. */
  readonly keepGaps: boolean
  readonly audio: boolean
  /** The segments themselves, as they are. */
  readonly originals: boolean
  /** Absolute path of a file, or of a directory for files that are named by camera and time; originals need one. */
  readonly target: { readonly file: string } | { readonly directory: string }
  readonly force: boolean
  readonly evidence: EvidenceOptions | undefined
}

export interface EvidenceOptions {
  /** Ed25519. */
  readonly key: KeyObject
  /** Who exports, on which machine, with what. */
  readonly by: string
  readonly host: string
  readonly tool: string
}

export interface ExportContext {
  readonly archive: Footage
  /** Wall-clock milliseconds. */
  readonly now: () => number
  /** Some characters that are new each time. */
  readonly token: () => string
  readonly signal: AbortSignal
  /** Bytes so far, and of the file that is being written. */
  readonly progress: (done: number, total: number) => void
}

/** What was written of a camera. Times are RFC 3339 in UTC. */
export interface ExportedCamera extends CameraStream {
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string | null }[]
  /** First frame shown, and the end of the last. */
  readonly from: string
  readonly to: string
  /** Seconds of the clip, and the pictures that it shows. */
  readonly duration: number
  readonly frames: number
  readonly bytes: number
  readonly gaps: readonly ClipGap[]
  /**
   * Where codec parameters change within the clip. ffmpeg, GStreamer and what is made of them play on; Chromium stops there
   * when the codec is H.264.
   */
  readonly changes: readonly string[]
  /** Segments that could not be used, or not whole: each leaves a gap. */
  readonly problems: readonly string[]
  readonly evidence: { readonly path: string; readonly fingerprint: string } | null
}

/**
 * Exports a span of one camera. Throws VMS_E_NO_FOOTAGE, VMS_E_MIXED_PARAMETERS, VMS_E_FILE_EXISTS, VMS_E_FILE_WRITE, the
 * signal's reason. Segments that are gone or damaged are told in the result and leave gaps.
 */
export function exportCamera(request: ExportRequest, context: ExportContext): Promise<ExportedCamera> {
  // Files that this export has written, and may replace when it begins anew.
  const own = new Set<string>()
  return anewWhenChanged(() => attempt(request, context, own))
}

async function attempt(request: ExportRequest, context: ExportContext, own: Set<string>): Promise<ExportedCamera> {
  const { camera, stream, from, to, evidence } = request
  const { archive, signal } = context
  const segments = await footageOf(archive, request, from, to, evidence !== undefined || request.originals)
  const options = { ...request, segments, absolute: (path: string) => archive.absolute(path), signal }
  const { plan, outputs } = await planOutputs(request, options, archive)
  if (evidence) refuseExisting(`${outputs[0]!.path}${MANIFEST_EXTENSION}`, request.force)
  const hashed = evidence ? await hashSources(plan, signal) : []
  const files: WrittenFile[] = []
  for (const { path, write } of outputs) {
    const writing = writeOptions(path, request, context)
    files.push(await write({ ...writing, force: writing.force || own.has(path) }))
    own.add(path)
  }
  const account = stream === 'main' ? await archive.coverage(camera, { start: from, end: to }) : []
  const exported = {
    camera,
    stream,
    files: files.map(({ path, bytes, sha256 = null }) => ({ path, bytes, sha256 })),
    from: utc(plan.from),
    to: utc(plan.to),
    duration: Math.round(plan.duration * 1_000) / 1_000,
    frames: plan.frames,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    changes: plan.changes.map(utc),
    gaps: clipGaps(request, plan, account),
    problems: [
      ...plan.problems.map(({ path, problem }) => `${path} ${problem}`),
      ...hashed
        .filter(({ intact }) => intact === false)
        .map(({ path }) => `${path} is not what was recorded: its hash differs`),
    ],
  }
  return { ...exported, evidence: evidence ? await writeEvidence(exported, hashed, request, evidence, context) : null }
}

function writeOptions(path: string, request: ExportRequest, context: ExportContext): WriteOptions {
  const { signal, progress } = context
  return { path, force: request.force, token: context.token(), hash: request.evidence !== undefined, signal, progress }
}

async function hashSources({ sources }: OriginalsPlan, signal: AbortSignal): Promise<HashedSource[]> {
  const hashed: HashedSource[] = []
  for (const { segment, path, identity } of sources) hashed.push(await hashSource(segment, path, identity, signal))
  return hashed
}

async function writeEvidence(
  exported: Omit<ExportedCamera, 'evidence'>,
  sources: readonly HashedSource[],
  request: ExportRequest,
  { key, by, host, tool }: EvidenceOptions,
  context: ExportContext,
): Promise<{ path: string; fingerprint: string }> {
  const { site } = context.archive.config
  const [first] = exported.files
  const text = signManifest(
    {
      kind: 'vmsctl-evidence',
      version: 1,
      site: site.name,
      timezone: site.timezone,
      camera: exported.camera,
      stream: exported.stream,
      asked: { from: utc(request.from), to: utc(request.to) },
      given: { from: exported.from, to: exported.to, seconds: exported.duration, frames: exported.frames },
      gapsKept: request.keepGaps,
      gaps: exported.gaps,
      problems: exported.problems,
      files: exported.files.map(({ path, bytes, sha256 }) => ({ name: basename(path), bytes, sha256: sha256 ?? '' })),
      sources,
      made: { at: utc(context.now()), by, host, tool },
    },
    key,
  )
  const path = `${first!.path}${MANIFEST_EXTENSION}`
  const bytes = Buffer.from(text)
  await writeFile(bytes.length, { ...writeOptions(path, request, context), hash: false }, sink => sink([bytes]))
  return { path, fingerprint: fingerprint(publicKeyText(key)) }
}
