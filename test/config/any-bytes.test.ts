import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSiteText } from '../../src/config/load.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { load } from './support.ts'

const OPTIONS = { file: '/x/vms.yaml', directory: '/x', hostname: 'box', timezone: 'UTC' }
const VALID = `site: { name: warehouse, timezone: Europe/Paris }
storage: { path: ./archive, segment: 180s }
mediamtx: { host: 0.0.0.0, hls: 0, ice_servers: ["stun:h:3478", { url: "turn:h:3478", credentials: hik }], networks: [10.0.0.0/8] }
credentials:
  hik: { username: admin, password: { file: /run/credentials/hik } }
defaults: &d { transport: tcp, credentials: hik }
groups: { outside: *d }
cameras:
  - { id: gate-1, main: "rtsp://10.0.0.11/101", sub: "rtsp://10.0.0.11/102", group: outside }
  - { range: "hall-{001..040}", main: "rtsp://10.0.1.{n}/1" }
  - id: last
    main: rtsp://admin:pw@h/1
`

/** Loads, and is content with a configuration or with an error of ours that is no bug. */
async function survives(load: () => Promise<{ config: { cameras: readonly unknown[] } }>): Promise<void> {
  try {
    const { config } = await load()
    expect(config.cameras.length).toBeLessThanOrEqual(10_000)
  } catch (error) {
    expect(error).toBeInstanceOf(VmsError)
    expect((error as VmsError).code).toBe('VMS_E_CONFIG_INVALID')
  }
}

describe('any input as a configuration', () => {
  it('any bytes give a configuration or faults', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), bytes => survives(() => load(bytes))),
      { numRuns: 200 },
    )
  })

  it('so does any text of YAML characters', async () => {
    const piece = fc.constantFrom(
      ...'{}[]:,-?&*!|>%@`#\'"\\ \t\n~',
      'a',
      'cameras:',
      '\n  - ',
      'id: ',
      'main: ',
      'storage: ',
      '<<: ',
      '&a ',
      '*a',
      '__proto__: ',
      '---\n',
      '\u2028',
    )
    const text = fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(text, text => survives(() => parseSiteText(text, 'vms.yaml', OPTIONS))),
      { numRuns: 1_000 },
    )
  })

  it('so does a good file with any part of it cut, doubled or overwritten', async () => {
    const place = fc.nat({ max: VALID.length })
    const noise = fc.constantFrom(
      '',
      '\t',
      '{',
      ']',
      ': ',
      '*d',
      '&d ',
      '"',
      '\n',
      '- ',
      '~',
      '{999..1}',
      '\0',
      '__proto__',
    )
    await fc.assert(
      fc.asyncProperty(place, place, noise, (from, to, noise) =>
        survives(() => parseSiteText(VALID.slice(0, from) + noise + VALID.slice(to), 'vms.yaml', OPTIONS)),
      ),
      { numRuns: 500 },
    )
  })

  it('keys of the language itself are unknown keys like others', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const text = `storage: { path: a }\n${key}: { ${key}: x }\ncredentials: { ${key}: { username: u, password: { env: P } } }\ncameras: [{ id: ${key}, main: "rtsp://h/1", ${key}: 1, credentials: ${key} }]\n`
      await expect(parseSiteText(text, 'vms.yaml', OPTIONS)).rejects.toThrow(`"${key}" is not a key of a camera`)
    }
  })
})

describe('the cost of loading', () => {
  it('grows with the file and not with its square: 10 000 cameras do for one what 1 000 do', async () => {
    const text = (count: number) =>
      `storage: { path: a }\ncameras:\n${Array.from({ length: count }, (_, index) => `  - { id: cam-${index}, main: "rtsp://10.0.${index >> 8}.${index & 255}/1", sub: "rtsp://10.0.${index >> 8}.${index & 255}/2", group: hall }`).join('\n')}\n`
    const cost = async (count: number) => {
      const source = text(count)
      const before = process.cpuUsage()
      const { config } = await parseSiteText(source, 'vms.yaml', OPTIONS)
      const { user } = process.cpuUsage(before)
      expect(config.cameras).toHaveLength(count)
      return user / count
    }
    await cost(1_000)
    const small = await cost(1_000)
    // A square would make it ten times; half of that leaves room for noise and garbage collection.
    expect(await cost(10_000)).toBeLessThan(small * 5)
  })
})
