import { describe, expect, it } from 'vitest'
import { configSchema, describeSite } from '../../src/config/index.ts'
import { faultsOf, load } from './support.ts'

const DAY = 86_400_000
const GB = 1e9

const SITE = `storage:
  path: ./archive
  headroom: { delete: 6h }
  policy: by-priority
defaults: { retention: { age: 30d, quota: 500GB } }
groups:
  outside: { retention: { age: 90d, quota: 5TB }, priority: 80 }
  cellar: { retention: { quota: 1TB } }
cameras:
  - { id: gate, main: "rtsp://h/1", group: outside }
  - { id: yard, main: "rtsp://h/2", group: outside, retention: { quota: none }, priority: 10 }
  - { id: shelf, main: "rtsp://h/3", group: cellar, retention: { age: never } }
  - { id: hall, main: "rtsp://h/4" }
`

/** The configuration without storage but for its path, and one more line. */
const withLine = (line: string) => `storage: { path: a }\n${line}\n`
const withStorage = (fields: string) => `storage: { path: a, ${fields} }\n`

describe('retention in vms.yaml', () => {
  it('lays camera over group over defaults, key by key', async () => {
    const { config } = await load(SITE)
    expect(config.cameras.map(({ id, retention }) => [id, retention])).toEqual([
      ['gate', { age: 90 * DAY, quota: 500 * GB, priority: 80 }],
      ['yard', { age: 90 * DAY, quota: null, priority: 10 }],
      ['shelf', { age: null, quota: 500 * GB, priority: 50 }],
      ['hall', { age: 30 * DAY, quota: 500 * GB, priority: 50 }],
    ])
  })

  it('takes the quota of a group for that of all its cameras', async () => {
    const { config } = await load(SITE)
    expect(config.retention).toEqual({
      defaults: { age: 30 * DAY, quota: 500 * GB, priority: 50 },
      groups: [
        { group: 'outside', quota: 5_000 * GB },
        { group: 'cellar', quota: 1_000 * GB },
      ],
    })
  })

  it('fills in what is not said', async () => {
    const { config } = await load(SITE)
    expect(config.storage).toMatchObject({
      headroom: { warn: DAY, delete: DAY / 4, protect: DAY / 24 },
      policy: 'by-priority',
    })
    const bare = await load('storage: { path: a }\ncameras: [{ id: a, main: "rtsp://h/1" }]\n')
    expect(bare.config.storage).toMatchObject({ headroom: { delete: DAY / 6 }, policy: 'oldest-first' })
    expect(bare.config.cameras[0]?.retention).toEqual({ age: null, quota: null, priority: 50 })
  })

  it('is shown in words that can be read again', async () => {
    const { config } = await load(SITE)
    const shown = await describeSite(config)
    expect(shown).toContain('retention:\n      age: 90d\n      quota: 500000MB\n    priority: 80\n')
    const again = (await load(shown)).config
    expect(again.cameras.map(({ retention }) => retention)).toEqual(config.cameras.map(({ retention }) => retention))
    expect(again.retention.groups).toEqual(config.retention.groups)
    expect(again.storage).toMatchObject({ headroom: config.storage.headroom, policy: config.storage.policy })
  })

  it.each([
    [
      'a bare number',
      withLine('defaults: { retention: { age: 30 } }'),
      '2:31: age: "30" of what? A duration needs its unit',
    ],
    ['a bare size', withLine('defaults: { retention: { quota: 500 } }'), 'quota: "500" of what? A size needs its unit'],
    [
      'a single value',
      withLine('defaults: { retention: 30d }'),
      '2:24: retention wants "key: value" entries, not a text -> write it like retention: { age: 30d }',
    ],
    ['nothing', withLine('defaults: { retention: }'), 'retention has no value'],
    [
      'an unknown key',
      withLine('groups: { g: { retention: { days: 30d } } }'),
      'vms.yaml:2:29: "days" is not a key of retention',
    ],
    [
      'an age of minutes',
      withLine('defaults: { retention: { age: 30min } }'),
      '"30min" is less than is allowed -> 1 h to',
    ],
    [
      'a priority of none',
      withLine('defaults: { priority: 0 }'),
      '2:23: priority: "0" is not a whole number from 1 to 100',
    ],
    [
      'a policy that is none',
      withStorage('policy: fair'),
      '1:29: policy: "fair" is not one of oldest-first, by-priority, fair-by-days',
    ],
    [
      'headroom as a value',
      withStorage('headroom: 4h'),
      'headroom wants "key: value" entries, not a text -> write it like headroom: { warn: 24h',
    ],
    ['headroom in no unit', withStorage('headroom: { warn: 24 }'), 'warn: "24" of what?'],
    [
      'warning too late',
      withStorage('headroom: { delete: 2d }'),
      '1:41: footage would be deleted at 2 d of headroom, and people told at 1 d',
    ],
    [
      'warning too late, said',
      withStorage('headroom: { warn: 1h }'),
      '1:39: footage would be deleted at 4 h of headroom',
    ],
  ])('finds fault with %s', async (_, text, said) => {
    expect(await faultsOf(text)).toContain(said)
  })

  it('has its keys in the JSON Schema, with a word on each', async () => {
    type Node = {
      type?: string
      description?: string
      properties?: Record<string, Node>
      additionalProperties?: unknown
    }
    const { properties } = (await configSchema()) as Node
    for (const mapping of [properties?.defaults?.properties?.retention, properties?.storage?.properties?.headroom]) {
      expect(mapping).toMatchObject({ type: 'object', additionalProperties: false, description: expect.any(String) })
      for (const key of Object.values(mapping?.properties ?? {}))
        expect(key).toMatchObject({ type: 'string', description: expect.stringMatching(/./) })
    }
  })
})
