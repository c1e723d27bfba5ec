import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { migrateRelayFile } from '../../src/streaming/mediamtx/migrate/migrate.ts'
import { LEGACY } from '../streaming/mediamtx/legacy.ts'
import { hasProgram } from '../support/programs.ts'
import { freePorts, startRelay } from '../support/relay.ts'

const dir = mkdtempSync(join(tmpdir(), 'vms-migrate-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** The status of a DESCRIBE with these credentials. */
function describeStatus(port: number, path: string, login?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const authorization = login === undefined ? '' : `Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`DESCRIBE rtsp://127.0.0.1:${port}/${path} RTSP/1.0\r\nCSeq: 1\r\n${authorization}\r\n`),
    )
    socket.once('data', data => {
      socket.destroy()
      resolve(Number(/^RTSP\/1\.0 (\d+)/.exec(String(data))?.[1]))
    })
    socket.once('error', reject)
  })
}

describe.skipIf(!hasProgram('mediamtx', ['--version']))('a mended configuration and the real MediaMTX', () => {
  it('the file of 2023 is refused, and the mended one taken without a warning', async () => {
    const [api, rtsp, hls, webrtc, rtmp, udp] = await freePorts(6)
    const own = [
      `api: yes\napiAddress: 127.0.0.1:${api}`,
      `rtspAddress: 127.0.0.1:${rtsp}\nrtspTransports: [tcp]`,
      `hlsAddress: 127.0.0.1:${hls}\nwebrtcAddress: 127.0.0.1:${webrtc}\nwebrtcLocalUDPAddress: 127.0.0.1:${udp}`,
      `rtmpAddress: 127.0.0.1:${rtmp}\nsrt: no\nmoq: no\n`,
    ].join('\n')
    const old = LEGACY.replace('paths:', `${own}paths:`)
    await expect(startRelay(dir, old)).rejects.toThrow(/ERR|unknown field/)
    const { text, faults } = migrateRelayFile(old, 'm.yml', '1.20.1')
    expect(faults).toEqual([])
    await using relay = await startRelay(dir, text)
    expect(relay.said()).not.toMatch(/ (WAR|ERR) /)
    const response = await fetch(`http://127.0.0.1:${api}/v3/config/paths/list`)
    expect(((await response.json()) as { items: unknown[] }).items).toMatchObject([
      { name: '~^live/([a-zA-Z0-9_-]+)$', sourceOnDemand: true, sourceOnDemandCloseAfter: '30s' },
    ])
  })

  it('nobody logs in with the name of a variable, and the owner does with its value', async () => {
    const [api, rtsp] = (await freePorts(2)) as [number, number]
    const pass = '$' + '{VMS_STREAM_PASSWORD}'
    const old = [
      `api: yes\napiAddress: 127.0.0.1:${api}\nrtspAddress: 127.0.0.1:${rtsp}\nrtspTransports: [tcp]`,
      'rtmpDisable: yes\nhlsDisable: yes\nwebrtcDisable: yes\nsrt: no\nmoq: no',
      `paths:\n  yard: { readUser: viewer, readPass: "${pass}" }\n  hall:\n`,
    ].join('\n')
    const { text, notes } = migrateRelayFile(old, 'm.yml', '1.20.1')
    const variable = /MTX_\w+/.exec(notes.map(({ message }) => message).join())?.[0]
    await using relay = await startRelay(dir, text, undefined, { [variable!]: 'right' })
    expect(relay.said()).not.toMatch(/ (WAR|ERR) /)
    const statuses = ['viewer:right', 'viewer:wrong', `viewer:${pass}`, 'viewer:', undefined].map(login =>
      describeStatus(rtsp, 'yard', login),
    )
    expect(await Promise.all(statuses)).toEqual([404, 401, 401, 401, 401])
    expect(await describeStatus(rtsp, 'hall')).toBe(404)
  })
})
