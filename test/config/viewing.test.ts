import { describe, expect, it } from 'vitest'
import { describeSite, showSite } from '../../src/config/index.ts'
import { faultsOf, load } from './support.ts'

const DAY = 86_400_000
const withLines = (...lines: string[]) => `storage: { path: a }\n${lines.join('\n')}\n`

describe('viewing in vms.yaml', () => {
  it('has defaults', async () => {
    const { config } = await load(withLines('cameras: [{ id: a, main: "rtsp://h/1" }]'))
    expect(config.viewing).toEqual({
      listen: { host: '127.0.0.1', port: 8655 },
      lease: 30_000,
      history: 90 * DAY,
      limits: { viewersPerStream: 500, viewersPerUser: 16, bandwidth: 500_000_000 },
    })
    expect(config.registry).toBeUndefined()
    expect(config.cameras[0]?.prewarm).toBe(false)
  })

  it('is read key by key, and shown in words that can be read again', async () => {
    const { config } = await load(
      withLines(
        'viewing: { listen: "[::1]:9000", lease: 10s, history: 30d, limits: { viewers_per_stream: 5, viewers_per_user: 2, bandwidth: 20Mbps } }',
        'registry: redis://127.0.0.1:6379/3',
        'groups: { till: { prewarm: { schedule: "* 7-18 * * 1-5" } } }',
        'cameras:',
        '  - { id: a, main: "rtsp://h/1", group: till }',
        '  - { id: b, main: "rtsp://h/2", group: till, prewarm: never }',
        '  - { id: c, main: "rtsp://h/3", prewarm: always }',
      ),
    )
    expect(config.viewing).toEqual({
      listen: { host: '::1', port: 9_000 },
      lease: 10_000,
      history: 30 * DAY,
      limits: { viewersPerStream: 5, viewersPerUser: 2, bandwidth: 20_000_000 },
    })
    expect(config.registry).toEqual({ url: 'redis://127.0.0.1:6379/3', credentials: undefined })
    expect(config.cameras.map(({ prewarm }) => prewarm)).toEqual([{ schedule: ['* 7-18 * * 1-5'] }, false, true])
    expect((await load(await describeSite(config))).config.viewing).toEqual(config.viewing)
  })

  it('takes the login of Redis from the credentials, and shows no password', async () => {
    const { config } = await load(
      withLines(
        'registry: { url: "rediss://cache.example:6380", credentials: redis }',
        'credentials: { redis: { username: vms, password: { file: ./secret } } }',
      ),
    )
    expect(config.registry).toMatchObject({ url: 'rediss://cache.example:6380', credentials: { username: 'vms' } })
    expect(JSON.stringify(showSite(config).registry)).toContain('"username":"vms"')
  })

  it.each([
    ['viewing: { lease: 1s }', /vms\.yaml:2:19: lease: "1s" is less than is allowed/],
    ['viewing: { leese: 10s }', /"leese" is not a key of viewing.*did you mean "lease"/is],
    ['viewing: { limits: { bandwidth: 20 } }', /bandwidth: "20" of what\?/],
    ['viewing: [a]', /viewing wants "key: value" entries/],
    ['registry: http://127.0.0.1', /vms\.yaml:2:11: the URL of the registry is not one of Redis/],
    ['registry: redis://h/0?x=1', /has more behind its host/],
    ['registry: { url: "redis://h/zero" }', /has more behind its host/],
    ['registry: { credentials: redis }', /registry needs the key "url"/],
    ['registry: [redis://h]', /registry wants a URL/],
    ['defaults: { prewarm: yes }', /prewarm: "yes" is neither always nor never/],
    ['defaults: { prewarm: { schedule: [] } }', /a schedule has at least one window.*prewarm: \{ schedule/s],
  ])('%s is told with its place', async (line, fault) => {
    expect(await faultsOf(withLines(line))).toMatch(fault)
  })

  it('does not repeat a password in the URL of the registry', async () => {
    const said = await faultsOf(withLines('registry: redis://user:s3cret@h/0'))
    expect(said).toMatch(/holds a login/)
    expect(said).not.toContain('s3cret')
  })
})
