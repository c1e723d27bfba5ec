import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** Tags of DER (ITU-T X.690). */
const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
}

/** Object identifiers, in their encoded form. */
const OID = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
}

const YEAR = 365 * 86_400_000

/**
 * A key and a certificate for it that it signs itself (RFC 5280, ECDSA P-256), as cameras have them: nobody vouches for it.
 * Good for `localhost` and the loopback addresses, from a day before `now` (milliseconds since the epoch) for ten years.
 */
export function selfSignedCertificate(commonName: string, now: number): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(TAG.sequence, der(TAG.oid, OID.ecdsaWithSha256))
  const name = der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, der(TAG.oid, OID.commonName), der(TAG.utf8, Buffer.from(commonName)))),
  )
  const certificate = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, [2])), // version 3
    der(TAG.integer, [0x01, ...randomBytes(15)]),
    algorithm,
    name,
    der(TAG.sequence, time(now - YEAR / 365), time(now + 10 * YEAR)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(TAG.sequence, der(TAG.sequence, der(TAG.oid, OID.subjectAltName), alternativeNames()))),
  )
  const signature = sign('sha256', certificate, privateKey)
  const whole = der(TAG.sequence, certificate, algorithm, der(TAG.bitString, [0], signature))
  return { cert: pem('CERTIFICATE', whole), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function alternativeNames(): Buffer {
  const dns = der(0x82, Buffer.from('localhost'))
  const v4 = der(0x87, [127, 0, 0, 1])
  const v6 = der(0x87, [...Buffer.alloc(15), 1])
  return der(TAG.octetString, der(TAG.sequence, dns, v4, v6))
}

/** GeneralizedTime. */
function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return der(TAG.time, Buffer.from(`${text}Z`))
}

function der(tag: number, ...parts: (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map(part => Buffer.from(part)))
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
