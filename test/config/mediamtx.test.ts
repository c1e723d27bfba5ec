import { describe, expect, it } from 'vitest'
import { describeSite, showSite } from '../../src/config/index.ts'
import { networkMatcher, parseNetwork } from '../../src/config/network.ts'
import { faultsOf, load } from './support.ts'

const site = (...lines: string[]) =>
  ['storage: { path: ./archive }', 'mediamtx:', ...lines.map(line => `  ${line}`), 'cameras: []', ''].join('\n')
const CREDENTIALS = 'credentials: { turn: { username: relay, password: { env: TURN } } }\n'

describe('mediamtx', () => {
  it('has defaults: run when found, on loopback', async () => {
    const { config } = await load('storage: { path: ./archive }\n')
    expect(config.mediamtx).toEqual({
      run: 'auto',
      program: 'mediamtx',
      api: { host: '127.0.0.1', port: 9997 },
      attach: undefined,
      auth: { host: '127.0.0.1', port: 8656 },
      host: '127.0.0.1',
      ports: { rtsp: 8554, webrtc: 8889, webrtcUdp: 8189, hls: 8888, rtmp: 1935 },
      hls: 'low-latency',
      webrtcHosts: [],
      iceServers: [],
      networks: [],
    })
  })

  it('is read, and shown without passwords', async () => {
    const { config } = await load(
      site(
        'run: always',
        'program: ./tools/mediamtx',
        'host: 0.0.0.0',
        'rtmp: 0',
        'hls_variant: segments',
        'webrtc_hosts: [vms.example.org, 203.0.113.7]',
        'ice_servers: ["stun:stun.example.org:3478", { url: "turn:turn.example.org:3478", credentials: turn }]',
        'networks: [10.0.0.0/8, 192.168.1.7, "fd00::/8"]',
      ) + CREDENTIALS.replace('{ env: TURN }', 'hunter2'),
    )
    expect(config.mediamtx).toMatchObject({
      run: 'always',
      program: expect.stringMatching(/^\/.*\/tools\/mediamtx$/),
      host: '0.0.0.0',
      ports: { rtmp: 0, rtsp: 8554 },
      hls: 'segments',
      webrtcHosts: ['vms.example.org', '203.0.113.7'],
      iceServers: [
        { url: 'stun:stun.example.org:3478', credentials: undefined },
        { url: 'turn:turn.example.org:3478', credentials: { username: 'relay' } },
      ],
      networks: ['10.0.0.0/8', '192.168.1.7/32', 'fd00::/8'],
    })
    const shown = (await describeSite(config)) + JSON.stringify(showSite(config))
    expect(shown).toContain('turn:turn.example.org:3478')
    expect(shown).not.toContain('hunter2')
  })

  it('takes a running one, which is not started then', async () => {
    const { config } = await load(site('attach: { url: "http://127.0.0.1:9997", credentials: turn }') + CREDENTIALS)
    expect(config.mediamtx).toMatchObject({ run: 'never', attach: { url: 'http://127.0.0.1:9997' } })
  })

  it('gives a port that is taken up where nobody asked for it', async () => {
    const { config, warnings } = await load('storage: { path: ./archive }\ngateway: { listen: "127.0.0.1:8554" }\n')
    expect(config.mediamtx.ports.rtsp).toBe(0)
    expect(warnings.map(({ message }) => message)).toContain(
      'MediaMTX serves no rtsp: gateway.listen has its port 8554',
    )
  })

  it.each([
    ['api: 0.0.0.0:9997', '3:8: api: 0.0.0.0 is not loopback; others could use it -> write it like 127.0.0.1:9997'],
    ['api: "127.0.0.1:0"', '3:8: api wants a port -> write it like 127.0.0.1:9997'],
    ['auth: 8656', '3:9: auth: "8656" has no host -> write it like 127.0.0.1:8656'],
    ['host: here', '3:9: host: "here" is no address -> such as 0.0.0.0 or 192.168.1.10'],
    ['rtsp: 7000\n  hls: 7000', '4:8: hls has the port 7000, as mediamtx.rtsp has'],
    ['rtsp: 8654', '3:9: rtsp has the port 8654, as gateway.listen has'],
    ['rtsp: 70000', '3:9: rtsp: "70000" is not a whole number from 0 to 65535'],
    ['webrtc_udp: 0', '3:15: webrtc needs webrtc_udp -> or turn both off: webrtc: 0'],
    [
      'hls_variant: lowlatency',
      '3:16: hls_variant: "lowlatency" is not one of low-latency, segments -> did you mean "low-latency"?',
    ],
    ['networks: [10.0.0.0/33]', '3:14: "10.0.0.0/33" is not a network -> such as 10.0.0.0/8'],
    ['networks: 10.0.0.0/8', '3:13: networks wants a list -> networks: [ ... ]'],
    ['webrtc_hosts: ["a b"]', '3:18: "a b" is neither an address nor a host name'],
    [
      'ice_servers: ["turn:me:pw@h:1"]',
      '3:17: "turn:me:pw@h:1" is not the URL of an ICE server -> write it like { url: "turn:host:3478", credentials: NAME }',
    ],
    [
      'ice_servers: [{ url: "stun:h:1", credentials: nobody }]',
      '3:49: there are no credentials "nobody" -> credentials: { NAME: { username: ..., password: { file: PATH } } }',
    ],
    [
      'attach: { url: "http://a:b@h:1" }',
      '3:18: url wants a URL without user and password -> name them: credentials: NAME',
    ],
    ['attach: { url: "ftp://h" }', '3:18: url wants an http: or https: URL -> such as http://127.0.0.1:9997'],
    ['rstp: 1', '3:3: "rstp" is not a key of mediamtx -> did you mean "rtsp"?'],
  ])('%s is a fault', async (line, fault) => {
    const lines = (await faultsOf(site(line))).split('\n')
    expect(lines).toContain(`vms.yaml:${fault}`)
  })

  it('does not both run one and take a running one', async () => {
    expect(await faultsOf(site('run: always', 'attach: { url: "http://127.0.0.1:1" }'))).toBe(
      'vms.yaml:3:8: run: always beside attach -> take one of the two out',
    )
  })
})

describe('networks', () => {
  it('match addresses, also IPv4 ones of a socket for both', () => {
    const inside = networkMatcher(['10.0.0.0/8', 'fd00::/8'])
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'].every(inside)).toBe(true)
    expect(['11.0.0.1', '::1', 'x', '', '::ffff:11.0.0.1'].some(inside)).toBe(false)
    expect(networkMatcher([])('1.2.3.4')).toBe(true)
  })

  it('are written as CIDR or address', () => {
    expect(['10.0.0.0/8', '10.1.1.1', '::1'].map(parseNetwork)).toEqual(['10.0.0.0/8', '10.1.1.1/32', '::1/128'])
    expect(['10.0.0.0/', '10.0.0.0/33', 'fe80::1%eth0', '10.0.0.0/8/8', ''].map(parseNetwork)).toEqual(Array(5))
  })
})
