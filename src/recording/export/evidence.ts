import { type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import { parsePublicKey, publicKeyText } from './evidence-key.ts'
import type { ClipGap } from './gaps.ts'
import type { HashedSource } from './hash-sources.ts'

/** What an export states of itself. Times are RFC 3339 in UTC. */
export interface Manifest {
  readonly kind: 'vmsctl-evidence'
  readonly version: 1
  readonly site: string
  readonly timezone: string
  readonly camera: string
  readonly stream: string
  readonly asked: { readonly from: string; readonly to: string }
  /** First frame shown, and the end of the last. */
  readonly given: { readonly from: string; readonly to: string; readonly seconds: number; readonly frames: number }
  /** Whether gaps take their time in the clip. */
  readonly gapsKept: boolean
  readonly gaps: readonly ClipGap[]
  /** Segments that were not used, or not whole, and why. */
  readonly problems: readonly string[]
  /** What was written. Names only: they lie beside the manifest. */
  readonly files: readonly ManifestFile[]
  /** The segments it was made of, as they were read. */
  readonly sources: readonly HashedSource[]
  readonly made: { readonly at: string; readonly by: string; readonly host: string; readonly tool: string }
  /** SubjectPublicKeyInfo (DER) of the Ed25519 key that signed, in base 64. */
  readonly publicKey: string
}

export interface ManifestFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** The file beside a clip: the manifest, and its signature in base 64. */
interface SignedManifest {
  readonly manifest: Manifest
  readonly signature: string
}

/** What the name of a manifest ends with. */
export const MANIFEST_EXTENSION = '.evidence.json'

/** The text of the file beside a clip: signed over the canonical JSON of the manifest (Ed25519, RFC 8032). */
export function signManifest(manifest: Omit<Manifest, 'publicKey'>, key: KeyObject): string {
  const whole: Manifest = { ...manifest, publicKey: publicKeyText(key) }
  const signature = sign(null, Buffer.from(canonicalJson(whole)), key).toString('base64')
  const signed: SignedManifest = { manifest: whole, signature }
  return `${JSON.stringify(signed, null, 2)}\n`
}

/** A manifest that was read: what it says, and whether its signature is that of the key that it names. */
export interface ReadManifest {
  readonly manifest: Manifest
  readonly signed: boolean
}

/** Reads the file beside a clip. A string says why it is none. */
export function readManifest(text: string): ReadManifest | string {
  let parsed: Partial<SignedManifest> | null
  let canonical: string
  try {
    parsed = JSON.parse(text) as Partial<SignedManifest> | null
    canonical = canonicalJson(parsed?.manifest ?? null)
  } catch {
    return 'it is not JSON'
  }
  const manifest = parsed?.manifest
  if (!isManifest(manifest) || typeof parsed?.signature !== 'string') return 'it is no manifest of vmsctl'
  const key = parsePublicKey(manifest.publicKey)
  const signature = Buffer.from(parsed.signature, 'base64')
  return { manifest, signed: key !== undefined && verify(null, Buffer.from(canonical), key, signature) }
}

function isManifest(value: unknown): value is Manifest {
  const { kind, version, camera, asked, given, files, sources, made, publicKey } = (value ?? {}) as Record<
    string,
    unknown
  >
  if (kind !== 'vmsctl-evidence' || version !== 1 || typeof camera !== 'string' || typeof publicKey !== 'string') {
    return false
  }
  const hasTexts = (object: unknown, keys: readonly string[]) =>
    keys.every(key => typeof (object as Record<string, unknown> | null | undefined)?.[key] === 'string')
  return (
    hasTexts(asked, ['from', 'to']) &&
    hasTexts(given, ['from', 'to']) &&
    hasTexts(made, ['at', 'by', 'host', 'tool']) &&
    Array.isArray(sources) &&
    Array.isArray(files) &&
    files.length > 0 &&
    files.every(file => hasTexts(file, ['name', 'sha256']) && !/[/\0]/.test((file as ManifestFile).name))
  )
}
