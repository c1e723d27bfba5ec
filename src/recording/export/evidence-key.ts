import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeStateDirectory } from '../../config/make-state-directory.ts'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'

/** File name of a site's own key in its state directory. */
const OWN_KEY = 'evidence-key.pem'

/** Reads an Ed25519 private key, PEM with PKCS #8 (RFC 8410). Throws VMS_E_EVIDENCE_KEY. */
export async function readPrivateKey(path: string): Promise<KeyObject> {
  return keyFrom(path, 'private', createPrivateKey)
}

/** Reads an Ed25519 public key in PEM; of a private key its public half. Throws VMS_E_EVIDENCE_KEY. */
export async function readPublicKey(path: string): Promise<KeyObject> {
  return keyFrom(path, 'public', createPublicKey)
}

async function keyFrom(path: string, what: string, read: (pem: string) => KeyObject): Promise<KeyObject> {
  let key: KeyObject
  try {
    key = read(await readFile(path, 'utf8'))
  } catch (error) {
    const reason = systemCode(error) === 'ENOENT' ? 'it does not exist' : messageOf(error)
    throw new VmsError('VMS_E_EVIDENCE_KEY', `${path} cannot be used as ${what} key: ${reason}`, { cause: error })
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new VmsError('VMS_E_EVIDENCE_KEY', `${path} is no Ed25519 key but ${key.asymmetricKeyType}`)
}

/**
 * The key that a site signs with: in its state directory, made when it is first asked for, readable by its owner alone. Two that ask at
 * once get the same. `token`: characters of a temporary name that nobody else uses. Throws VMS_E_EVIDENCE_KEY.
 */
export async function ownPrivateKey(stateDir: string, token: string): Promise<KeyObject> {
  const path = join(stateDir, OWN_KEY)
  try {
    return createPrivateKey(await readFile(path, 'utf8'))
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return readPrivateKey(path)
  }
  const temporary = `${path}.${token}`
  try {
    makeStateDirectory(stateDir)
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
      await file.sync()
    } finally {
      await file.close()
    }
    // Whoever comes first has made it.
    await link(temporary, path).catch(error => {
      if (systemCode(error) !== 'EEXIST') throw error
    })
  } catch (error) {
    throw new VmsError('VMS_E_EVIDENCE_KEY', `no key can be kept in ${stateDir}: ${messageOf(error)}`, {
      hint: 'Name a key with --key, or a state directory with --state-dir.',
      cause: error,
    })
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
  return readPrivateKey(path)
}

/** A public key as it stands in a manifest: SubjectPublicKeyInfo (DER) in base 64. Of a private key its public half. */
export function publicKeyText(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
}

/** The key of {@link publicKeyText}; undefined for what is none, or is not Ed25519's. */
export function parsePublicKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' })
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

/** By what people compare keys: `SHA256:` and the hash of the SubjectPublicKeyInfo in base 64 without padding. */
export function fingerprint(publicKey: string): string {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64')
  return `SHA256:${hash.replace(/=+$/, '')}`
}
