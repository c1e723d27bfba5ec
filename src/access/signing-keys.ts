import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, VmsError } from '../kernel/errors.ts'
import type { PublicKey } from './grant.ts'
import type { SigningKey } from './sign-token.ts'

/** Makes a pair of keys; the private one goes into `dir`, for nobody but its owner. Throws VMS_E_TOKEN_KEY. */
export function makeKey(dir: string, kid: string): PublicKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const file = openSync(pathOf(dir, kid), 'wx', 0o600)
    try {
      writeSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new VmsError('VMS_E_TOKEN_KEY', `the signing key cannot be written: ${messageOf(error)}`, { cause: error })
  }
  return { kty: 'OKP', crv: 'Ed25519', kid, x }
}

/** The private half of a key. Throws VMS_E_TOKEN_KEY where it is gone, or not the one of `key`. */
export function readKey(dir: string, { kid, x }: PublicKey): SigningKey {
  const path = pathOf(dir, kid)
  try {
    const key = createPrivateKey(readFileSync(path))
    if (key.export({ format: 'jwk' }).x !== x) throw new Error(`it is another key than ${kid}`)
    return { kid, key }
  } catch (error) {
    throw new VmsError('VMS_E_TOKEN_KEY', `the signing key ${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** Takes a private key away: nothing is signed with it any more. What it signed can still be checked. */
export function removeKey(dir: string, kid: string): void {
  rmSync(pathOf(dir, kid), { force: true })
}

function pathOf(dir: string, kid: string): string {
  return join(dir, `${kid}.pem`)
}
