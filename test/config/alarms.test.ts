import { describe, expect, it } from 'vitest'
import { configSchema, describeSite, showSite } from '../../src/config/index.ts'
import { faultsOf, load } from './support.ts'

const site = (...lines: string[]) =>
  ['storage: { path: ./archive }', 'alarms:', ...lines.map(line => `  ${line}`), 'cameras: []', ''].join('\n')

describe('alarms', () => {
  it('have defaults, told to the log', async () => {
    const { config } = await load('storage: { path: ./archive }\n')
    expect(config.alarms).toEqual({
      notRecorded: 60_000,
      coverage: 99,
      headroom: 86_400_000,
      remind: 21_600_000,
      targets: [{ kind: 'journal', name: 'journal' }],
    })
  })

  it('are read', async () => {
    const { config, warnings } = await load(
      site(
        'not_recorded: 2min',
        'coverage: 99.5 %',
        'headroom: never',
        'deliver:',
        '  - { name: page, command: [/usr/local/bin/page, "a b"], timeout: 5s }',
        '  - { name: nms, webhook: "https://nms.example/hook/T0KEN", key: { file: keys/nms } }',
        '  - { name: log, journal: true }',
      ),
    )
    expect(warnings.map(({ message }) => message)).toEqual(['no cameras yet'])
    expect(config.alarms).toMatchObject({
      notRecorded: 120_000,
      coverage: 99.5,
      headroom: 0,
      targets: [
        { kind: 'command', name: 'page', argv: ['/usr/local/bin/page', 'a b'], timeout: 5_000 },
        { kind: 'webhook', name: 'nms', key: { kind: 'file', path: expect.stringMatching(/\/keys\/nms$/) } },
        { kind: 'journal', name: 'log' },
      ],
    })
  })

  it('show no secret', async () => {
    const { config, warnings } = await load(
      site('deliver:', '  - { name: nms, webhook: "https://nms.example/hook/T0KEN?x=SECRET", key: KEYTEXT }'),
    )
    expect(warnings.map(({ message }) => message)).toContain('a key in the configuration file')
    const shown = JSON.stringify(showSite(config)) + (await describeSite(config))
    expect(shown).toContain('https://nms.example')
    expect(shown).not.toMatch(/T0KEN|SECRET|KEYTEXT/)
  })

  it.each([
    ['not_recorded: 1s', 'vms.yaml:3:17: not_recorded: "1s" is less than is allowed'],
    ['coverage: 101', 'vms.yaml:3:13: coverage: "101" is not a percentage'],
    ['covrage: 99', 'vms.yaml:3:3: "covrage" is not a key of alarms -> did you mean "coverage"?'],
    ['deliver: journal', 'vms.yaml:3:12: deliver wants a list'],
    ['deliver: [ { name: a } ]', 'an entry of deliver wants exactly one of command, webhook, journal: true'],
    ['deliver: [ { name: a, journal: true, webhook: "http://x/" } ]', 'wants exactly one of'],
    ['deliver: [ { journal: true } ]', 'an entry of deliver needs the key "name"'],
    ['deliver: [ { name: "a b", journal: true } ]', 'name '],
    ['deliver: [ { name: a, journal: true }, { name: a, journal: true } ]', 'two ways to tell called "a"'],
    ['deliver: [ { name: a, webhook: "ftp://x/" } ]', 'webhook wants an http: or https: URL'],
    ['deliver: [ { name: a, webhook: "http://u:p@x/" } ]', 'without user and password'],
    ['deliver: [ { name: a, journal: true, key: { env: X } } ]', 'only a webhook has a key'],
    [
      'deliver: [ { name: a, webhook: "http://x/", key: { env: X, file: y } } ]',
      'a key wants exactly one of file, env, systemd',
    ],
    ['deliver: [ { name: a, command: [] } ]', 'command wants a program'],
    ['deliver: [ { name: a, command: "page me" } ]', 'command wants'],
  ])('finds fault with %s', async (line, words) => {
    expect(await faultsOf(site(line))).toContain(words)
  })

  it('stand in the schema for editors', async () => {
    const { properties } = (await configSchema()) as { properties: Record<string, { properties?: object }> }
    expect(Object.keys(properties.alarms!.properties!)).toEqual([
      'not_recorded',
      'coverage',
      'headroom',
      'remind',
      'deliver',
    ])
  })
})
