import { createHash, type KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import { MANIFEST_EXTENSION, type Manifest, type ManifestFile, readManifest } from './evidence.ts'
import { fingerprint, publicKeyText } from './evidence-key.ts'

export interface CheckOptions {
  /** A manifest, or a clip that has one beside it. */
  readonly path: string
  /** Whoever is known to have signed. */
  readonly expected: { readonly key?: KeyObject | undefined; readonly fingerprint?: string | undefined }
  readonly signal?: AbortSignal | undefined
}

/** What a check of evidence shows. */
export interface EvidenceVerdict {
  /** Nothing contradicts the manifest, and its key is not another than the one that was named. */
  readonly ok: boolean
  /** Absolute or as it was given. */
  readonly manifest: string
  /** The manifest is what the holder of its key signed. */
  readonly signature: 'valid' | 'invalid'
  /** Of the key in the manifest. */
  readonly fingerprint: string
  /** `known`: the key is the one that was named. `unknown`: none was named, so that anybody may have signed. */
  readonly key: 'known' | 'other' | 'unknown'
  readonly files: readonly { readonly name: string; readonly state: 'unchanged' | 'changed' | 'missing' }[]
  readonly says: Pick<Manifest, 'site' | 'camera' | 'stream' | 'asked' | 'given' | 'made'>
  /** Source segments, and how many of them were no more what had been recorded. */
  readonly sources: { readonly count: number; readonly altered: number; readonly unhashed: number }
  readonly gaps: number
}

/** Bytes of a manifest that are read. */
const MAX_MANIFEST = 256 * 1024 * 1024

/**
 * Checks a manifest and the files beside it: nothing else is needed. Throws VMS_E_FILE_NOT_FOUND when there is no manifest,
 * VMS_E_EVIDENCE_INVALID for one that cannot be read.
 */
export async function checkEvidence({ path, expected, signal }: CheckOptions): Promise<EvidenceVerdict> {
  const manifestPath = path.endsWith('.json') ? path : `${path}${MANIFEST_EXTENSION}`
  const read = readManifest(await manifestText(manifestPath))
  if (typeof read === 'string') throw new VmsError('VMS_E_EVIDENCE_INVALID', `${manifestPath} proves nothing: ${read}`)
  const { manifest, signed } = read
  const { publicKey } = manifest
  const files: { name: string; state: 'unchanged' | 'changed' | 'missing' }[] = []
  for (const file of manifest.files) {
    // Who names a clip means that one, under whatever name it is now.
    const renamed = manifestPath !== path && manifest.files.length === 1
    const found = { ...file, name: renamed ? basename(path) : file.name }
    files.push({ name: found.name, state: await stateOf(dirname(manifestPath), found, signal) })
  }
  const key = judgeKey(publicKey, expected)
  const { site, camera, stream, asked, given, made, sources, gaps } = manifest
  return {
    ok: signed && key !== 'other' && files.every(({ state }) => state === 'unchanged'),
    manifest: manifestPath,
    signature: signed ? 'valid' : 'invalid',
    fingerprint: fingerprint(publicKey),
    key,
    files,
    says: { site, camera, stream, asked, given, made },
    sources: {
      count: sources.length,
      altered: sources.filter(source => source?.intact === false).length,
      unhashed: sources.filter(source => source?.intact === null).length,
    },
    gaps: Array.isArray(gaps) ? gaps.length : 0,
  }
}

async function manifestText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_MANIFEST)
      throw new VmsError('VMS_E_EVIDENCE_INVALID', `${path} is too large for a manifest`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof VmsError) throw error
    if (systemCode(error) !== 'ENOENT')
      throw new VmsError('VMS_E_EVIDENCE_INVALID', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
    throw new VmsError('VMS_E_FILE_NOT_FOUND', `there is no manifest ${path}`, {
      hint: `A manifest lies beside its clip and is named CLIP${MANIFEST_EXTENSION}.`,
    })
  }
}

function judgeKey(publicKey: string, { key, fingerprint: named }: CheckOptions['expected']): EvidenceVerdict['key'] {
  if (key === undefined && named === undefined) return 'unknown'
  const same = key === undefined || publicKeyText(key) === publicKey
  const alike = named === undefined || withoutPrefix(named) === withoutPrefix(fingerprint(publicKey))
  return same && alike ? 'known' : 'other'
}

function withoutPrefix(text: string): string {
  return text
    .trim()
    .replace(/^SHA256:/i, '')
    .replace(/=+$/, '')
}

async function stateOf(directory: string, { name, sha256 }: ManifestFile, signal?: AbortSignal) {
  const hash = createHash('sha256')
  const path = join(directory, name)
  try {
    // A pipe would never end.
    if (!(await stat(path)).isFile()) return 'changed'
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    if (systemCode(error) === 'ENOENT') return 'missing'
    return 'changed'
  }
  return hash.digest('hex') === sha256 ? 'unchanged' : 'changed'
}
