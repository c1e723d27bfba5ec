import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hasProgram } from '../support/programs.ts'
import { freePorts, startRelay } from '../support/relay.ts'
import { runCommand } from '../support/run-command.ts'

const dir = mkdtempSync(join(tmpdir(), 'vms-apply-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const config = join(dir, 'vms.yaml')

describe.skipIf(!hasProgram('mediamtx', ['--version']))(
  "mediamtx diff and apply against somebody's running MediaMTX",
  () => {
    it('say what differs and whom it interrupts, and change our paths alone', async () => {
      const [api, rtsp] = (await freePorts(2)) as [number, number]
      const own = [
        `api: yes\napiAddress: 127.0.0.1:${api}\nrtspAddress: 127.0.0.1:${rtsp}\nrtspTransports: [tcp]`,
        'rtmp: no\nhls: no\nwebrtc: no\nsrt: no\nmoq: no',
        'authInternalUsers: [{ user: boss, pass: secret, permissions: [{ action: api }] }]',
        'paths: { yard: , live/gone: }\n',
      ].join('\n')
      await using _ = await startRelay(dir, own)
      const write = (password: string, cameras: string[]) =>
        writeFileSync(
          config,
          [
            'storage: { path: ./archive }',
            `mediamtx: { attach: { url: "http://127.0.0.1:${api}", credentials: relay }, rtsp: ${rtsp}, webrtc: 0, webrtc_udp: 0, hls: 0, rtmp: 0 }`,
            `credentials: { relay: { username: boss, password: ${password} } }`,
            'cameras:',
            ...cameras.map(id => `  - { id: ${id}, main: "rtsp://127.0.0.1:9/a" }`),
          ].join('\n'),
        )
      const run = (...args: string[]) => runCommand(['mediamtx', ...args, '-c', config, '--quiet', '--state-dir', dir])
      const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

      write('wrong', ['on'])
      const refused = await run('apply')
      expect([refused.code, refused.err]).toEqual([6, expect.stringMatching(/does not let us .* status 401/)])

      write('secret', ['on', '1e3'])
      const wanted = {
        added: ['live/on', 'main/on', 'live/1e3', 'main/1e3'],
        removed: ['live/gone'],
        foreign: ['yard'],
      }
      const shown = await json('diff')
      expect(shown).toMatchObject({ ...wanted, with: `http://127.0.0.1:${api}` })
      expect(shown.server.map(({ key }: { key: string }) => key)).toEqual(['authMethod', 'authHTTPAddress'])
      const text = await runCommand(['mediamtx', 'diff', '-c', config])
      expect(text.out).toContain('! authMethod: "internal" -> "http"  interrupts every stream and viewer')
      expect(await json('apply', '--dry-run')).toMatchObject({ ...wanted, applied: false })
      expect(await json('diff')).toMatchObject(wanted)

      expect(await json('apply')).toMatchObject({ ...wanted, applied: true })
      expect(await json('diff')).toMatchObject({ added: [], removed: [], changed: [], foreign: ['yard'] })

      write('secret', ['on'])
      expect(await json('apply')).toMatchObject({ added: [], changed: [], removed: ['live/1e3', 'main/1e3'] })
      const list = await fetch(`http://127.0.0.1:${api}/v3/config/paths/list`, {
        headers: { authorization: `Basic ${btoa('boss:secret')}` },
      })
      const { items } = (await list.json()) as { items: { name: string; sourceOnDemandCloseAfter: string }[] }
      expect(items.map(({ name }) => name)).toEqual(['live/on', 'main/on', 'yard'])
      expect(items[0]?.sourceOnDemandCloseAfter).toBe('1s')
    })

    it('say what there is to do where nothing is named', async () => {
      writeFileSync(config, 'storage: { path: ./archive }\ncameras: []\n')
      const args = ['-c', config, '--state-dir', join(dir, 'none')]
      const apply = await runCommand(['mediamtx', 'apply', ...args])
      expect([apply.code, apply.err]).toEqual([2, expect.stringContaining('names no running MediaMTX')])
      const diff = await runCommand(['mediamtx', 'diff', ...args])
      expect([diff.code, diff.err]).toEqual([3, expect.stringContaining('nothing to compare with')])
    })
  },
)
