import { spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/recording/export/canonical-json.ts'
import { checkEvidence } from '../../../src/recording/export/check-evidence.ts'
import {
  fingerprint,
  ownPrivateKey,
  publicKeyText,
  readPrivateKey,
} from '../../../src/recording/export/evidence-key.ts'
import { exportCamera } from '../../../src/recording/export/export-camera.ts'
import { runProgram } from '../../support/vmsctl.ts'
import { H264 } from '../../wire/mp4/support.ts'
import { madeTrack, TestArchive } from './support.ts'

let archive: TestArchive
beforeEach(() => {
  archive = new TestArchive()
  for (const number of [0, 1]) {
    const frames = Array.from({ length: 50 }, (_, frame) => ({
      decodeTime: frame * 3_600,
      compositionOffset: 0,
      duration: 3_600,
      key: frame % 25 === 0,
    }))
    const track = madeTrack({ timescale: 90_000, parameters: H264 }, frames, number + 1, () => 300)
    archive.add({
      tracks: [track],
      at: number * 2_000,
      session: 'a',
      number,
      mediaTime: number * 180_000,
      clockOffset: 12.5,
    })
  }
})
afterEach(() => archive[Symbol.dispose]())

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')

const clip = () => archive.out('clip.mp4')
const manifest = () => archive.out('clip.mp4.evidence.json')
const check = (path = clip(), expected = {}) => checkEvidence({ path, expected })
const evidence = { key: privateKey, by: 'alice', host: 'recorder', tool: 'vmsctl 0.1.0' }
const exported = (more = {}) => exportCamera(archive.request(500, 3_500, { evidence, ...more }), archive.context())

/** Changes the text of the manifest. */
function edit(change: (text: string) => string): void {
  writeFileSync(manifest(), change(readFileSync(manifest(), 'utf8')))
}

describe('evidence', () => {
  it('says all that was exported, and holds', async () => {
    const result = await exported()
    expect(result.evidence).toEqual({ path: manifest(), fingerprint: fingerprint(publicKeyText(publicKey)) })
    const { manifest: said } = JSON.parse(readFileSync(manifest(), 'utf8'))
    expect(said).toMatchObject({
      site: 'warehouse',
      camera: 'gate-1',
      asked: { from: '2026-11-24T14:00:00.500Z', to: '2026-11-24T14:00:03.500Z' },
      given: { from: '2026-11-24T14:00:00.480Z', to: '2026-11-24T14:00:03.520Z', seconds: 3.04, frames: 76 },
      gaps: [],
      problems: [],
      files: [{ name: 'clip.mp4', bytes: statSync(clip()).size }],
      made: { at: '2026-11-25T14:00:00.000Z', by: 'alice', host: 'recorder', tool: 'vmsctl 0.1.0' },
    })
    expect(said.sources).toMatchObject([
      { path: 'gate-1/main/2026-11-24/a-0.mp4', intact: true, number: 0, clockOffset: 12.5 },
      { path: 'gate-1/main/2026-11-24/a-1.mp4', intact: true, number: 1, clockOffset: 12.5 },
    ])
    const verdict = await check(clip(), { key: publicKey })
    expect(verdict).toMatchObject({ ok: true, signature: 'valid', key: 'known', sources: { count: 2, altered: 0 } })
    expect(await check(manifest())).toMatchObject({ ok: true, key: 'unknown' })
    expect(await check(clip(), { fingerprint: verdict.fingerprint })).toMatchObject({ ok: true, key: 'known' })
  })

  it('has the hashes that sha256sum finds', async () => {
    await exported()
    const { manifest: said } = JSON.parse(readFileSync(manifest(), 'utf8'))
    const paths = [clip(), ...archive.rows.map(({ path }) => archive.absolute(path))]
    const { out } = await runProgram('sha256sum', paths, { PATH: process.env.PATH })
    const found = out
      .trim()
      .split('\n')
      .map(line => line.slice(0, 64))
    expect([said.files[0].sha256, ...said.sources.map(({ sha256 }: { sha256: string }) => sha256)]).toEqual(found)
  })

  it('can be signed and verified by other means', async () => {
    await exported()
    const { manifest: said, signature } = JSON.parse(readFileSync(manifest(), 'utf8'))
    const pem = createPublicKey({ key: Buffer.from(said.publicKey, 'base64'), type: 'spki', format: 'der' })
    writeFileSync(archive.out('key.pem'), pem.export({ type: 'spki', format: 'pem' }))
    writeFileSync(archive.out('text'), canonicalJson(said))
    writeFileSync(archive.out('signature'), Buffer.from(signature, 'base64'))
    const files = ['-inkey', archive.out('key.pem'), '-in', archive.out('text'), '-sigfile', archive.out('signature')]
    const { code, out } = await runProgram('openssl', ['pkeyutl', '-verify', '-pubin', '-rawin', ...files], {
      PATH: process.env.PATH,
    })
    expect([code, out.trim()]).toEqual([0, 'Signature Verified Successfully'])
  })

  it('falls with any byte of the clip', async () => {
    await exported()
    const bytes = readFileSync(clip())
    for (let at = 0; at < bytes.length; at += 997) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      writeFileSync(clip(), changed)
      expect(await check()).toMatchObject({ ok: false, signature: 'valid', files: [{ state: 'changed' }] })
    }
    rmSync(clip())
    expect(await check(manifest())).toMatchObject({ ok: false, files: [{ state: 'missing' }] })
  })

  it.each([
    ['a time', (text: string) => text.replace('14:00:00.480Z', '14:00:00.520Z')],
    ['who exported', (text: string) => text.replace('"alice"', '"bob"')],
    ['a hash', (text: string) => text.replace(/"sha256": "./, '"sha256": "z')],
    ['a gap that is added', (text: string) => text.replace('"gaps": []', '"gaps": [1]')],
    ['another key', (text: string) => text.replace(publicKeyText(publicKey), publicKeyText(other.publicKey))],
    [
      'a signature of zeros',
      (text: string) => text.replace(/"signature": "[^"]*"/, `"signature": "${'A'.repeat(86)}=="`),
    ],
    ['no signature', (text: string) => text.replace(/"signature": "[^"]*"/, '"signature": ""')],
  ])('falls with its manifest: %s', async (_, change) => {
    await exported()
    edit(change)
    expect(await check()).toMatchObject({ ok: false, signature: 'invalid' })
  })

  it.each(['1e999', '-1e999'])('falls when null becomes a number that no JSON can have: %s', async number => {
    archive.rows[0] = { ...archive.rows[0]!, sha256: null }
    await exported()
    expect(await check()).toMatchObject({ ok: true, sources: { unhashed: 1 } })
    edit(text => text.replace('"intact": null', `"intact": ${number}`))
    await expect(check()).rejects.toMatchObject({ code: 'VMS_E_EVIDENCE_INVALID' })
  })

  it('stands when the manifest is laid out otherwise', async () => {
    await exported()
    edit(text => {
      const { manifest, signature } = JSON.parse(text)
      return JSON.stringify({ signature, manifest: Object.fromEntries(Object.entries(manifest).reverse()) })
    })
    expect(await check()).toMatchObject({ ok: true })
  })

  it('of another key is told from that of the one that was named', async () => {
    await exported({ evidence: { ...evidence, key: other.privateKey } })
    const named = fingerprint(publicKeyText(publicKey))
    for (const expected of [{ key: publicKey }, { fingerprint: named }, { key: other.publicKey, fingerprint: named }]) {
      expect(await check(clip(), expected)).toMatchObject({ ok: false, signature: 'valid', key: 'other' })
    }
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another JSON', '{"manifest":{"kind":"x"},"signature":""}'],
    ['a manifest that holds nothing', '{"manifest":{"kind":"vmsctl-evidence","version":1},"signature":"AA=="}'],
    ['nests of nests', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('is not taken from %s', async (_, text) => {
    writeFileSync(manifest(), text)
    await expect(check()).rejects.toMatchObject({ code: 'VMS_E_EVIDENCE_INVALID', exitCode: 8 })
  })

  it('never looks at files elsewhere', async () => {
    await exported()
    edit(text => text.replace('"name": "clip.mp4"', '"name": "../clip.mp4"'))
    await expect(check()).rejects.toMatchObject({ code: 'VMS_E_EVIDENCE_INVALID' })
  })

  it('does not wait for a pipe in the place of the clip', async () => {
    await exported()
    rmSync(clip())
    expect(spawnSync('mkfifo', [clip()]).status).toBe(0)
    expect(await check()).toMatchObject({ ok: false, files: [{ state: 'changed' }] })
  })

  it('is missing where there is none', async () => {
    await expect(check()).rejects.toMatchObject({ code: 'VMS_E_FILE_NOT_FOUND', exitCode: 3 })
  })

  it('tells of a segment that was altered behind the index', async () => {
    const path = archive.absolute(archive.rows[1]!.path)
    const bytes = readFileSync(path)
    bytes[bytes.length - 5]! ^= 1
    writeFileSync(path, bytes)
    const { problems } = await exported()
    expect(problems).toEqual(['gate-1/main/2026-11-24/a-1.mp4 is not what was recorded: its hash differs'])
    expect(await check()).toMatchObject({ ok: true, sources: { count: 2, altered: 1, unhashed: 0 } })
  })

  it('of the segments themselves is one manifest for all', async () => {
    await exported({ originals: true, target: { directory: archive.dir } })
    const path = archive.out('gate-1_a-0.mp4.evidence.json')
    expect(await check(path)).toMatchObject({
      ok: true,
      files: [
        { name: 'gate-1_a-0.mp4', state: 'unchanged' },
        { name: 'gate-1_a-1.mp4', state: 'unchanged' },
      ],
    })
  })

  it('is not begun when its manifest would be written over another', async () => {
    writeFileSync(manifest(), 'mine')
    await expect(exported()).rejects.toMatchObject({ code: 'VMS_E_FILE_EXISTS' })
    expect(statSync(clip(), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('moves with its clip', async () => {
    await exported()
    renameSync(clip(), archive.out('other.mp4'))
    renameSync(manifest(), archive.out('other.mp4.evidence.json'))
    expect(await check(archive.out('other.mp4'))).toMatchObject({ ok: true, files: [{ name: 'other.mp4' }] })
  })
})

describe('the key of a site', () => {
  it('is made once, for its owner alone, whoever asks first', async () => {
    const dir = archive.out('state')
    const keys = await Promise.all(['a', 'b', 'c'].map(token => ownPrivateKey(dir, token)))
    expect(new Set(keys.map(publicKeyText)).size).toBe(1)
    expect(statSync(`${dir}/evidence-key.pem`).mode & 0o777).toBe(0o600)
    expect(publicKeyText(await ownPrivateKey(dir, 'd'))).toBe(publicKeyText(keys[0]!))
  })

  it('is read from PEM, and only Ed25519 is', async () => {
    const path = archive.out('key.pem')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    chmodSync(path, 0o600)
    expect(publicKeyText(await readPrivateKey(path))).toBe(publicKeyText(publicKey))
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    writeFileSync(path, rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await expect(readPrivateKey(path)).rejects.toMatchObject({ code: 'VMS_E_EVIDENCE_KEY' })
    writeFileSync(path, 'no key')
    await expect(readPrivateKey(path)).rejects.toMatchObject({ code: 'VMS_E_EVIDENCE_KEY' })
    await expect(readPrivateKey(archive.out('none'))).rejects.toMatchObject({
      message: expect.stringContaining('does not exist'),
    })
  })
})

describe('canonical JSON', () => {
  it('is the same for any order of keys, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        const turned = JSON.parse(JSON.stringify(value), (_, inner) =>
          inner !== null && typeof inner === 'object' && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).reverse())
            : inner,
        )
        expect(canonicalJson(turned)).toBe(text)
      }),
    )
  })

  it('is to the byte what RFC 8785 has', () => {
    expect(canonicalJson({ b: [1, 2.5, 1e21, null, true], a: 'é"\n', A: {} })).toBe(
      '{"A":{},"a":"é\\"\\n","b":[1,2.5,1e+21,null,true]}',
    )
  })
})
