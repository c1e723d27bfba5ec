import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ARCHITECTURES, compareArchitectures, findArchitectures } from '../../../src/planning/compare/index.ts'
import { composeInputs, emptyDraft, planSite, say } from '../../../src/planning/index.ts'
import { roadmapOf } from '../../../src/planning/roadmap/index.ts'

const ADAPTATION = { still: 0.25, kept: 0.5 }

function requestOf(settings: Readonly<Record<string, string>>) {
  const draft = emptyDraft()
  for (const [key, text] of Object.entries(settings)) say(draft, key, text, { by: 'flag', shown: `--${key}` })
  return composeInputs(draft)
}
const compare = (settings: Readonly<Record<string, string>>) =>
  compareArchitectures(requestOf(settings), { architectures: ARCHITECTURES, adaptation: ADAPTATION, vmsctl: 'test' })
const site = compare({ cameras: '200', transcode: '100%' })
const figure = (of: typeof site, architecture: string, row: string) => {
  const { figures } = of.architectures.find(({ id }) => id === architecture)!
  return figures[row as keyof typeof figures]
}

describe("the owner's table (S7)", () => {
  const { documented } = site
  const row = (id: string) => documented.rows.find(one => one.id === id)!
  it('stands as in the document', () => {
    expect(row('bandwidth').original.documented).toBe(1.2e9)
    expect(row('bandwidth').optimised.documented).toBe(840e6)
    expect(row('cores').original.documented).toBe(120)
    expect(row('cores').optimised.documented).toBe(80)
    expect([row('cards').original.documented, row('cards').optimised.documented]).toEqual([0, 1])
    expect(row('cards.price').optimised.documented).toBe(2_000)
    expect([row('disk.write').original.documented, row('disk.write').optimised.documented]).toEqual([100e6, 100e6])
    expect(row('power.month').optimised.documented).toBe(500)
    expect([row('uplink').original.documented, row('uplink').optimised.documented]).toEqual([10e9, 1e9])
    expect(documented.savings.documented.bandwidth).toBeCloseTo(0.3, 12)
    expect(documented.savings.documented.cpu).toBeCloseTo(1 / 3, 12)
    expect(documented.savings.documented.cost).toBe(12_000)
  })
  it('has the parts of its cores add up, in both columns', () => {
    for (const side of ['original', 'optimised'] as const)
      for (const column of ['documented', 'measured'] as const)
        expect(row('cores.recording')[side][column]! + row('cores.sub')[side][column]!).toBeCloseTo(
          row('cores')[side][column]!,
          9,
        )
  })
  it('with measured costs takes 70 times less to record', () => {
    expect(row('cores.recording').original.documented! / row('cores.recording').original.measured!).toBeCloseTo(70.2, 1)
    expect(row('cores.vmsctl').original.measured).toBeCloseTo(0.18, 6)
  })
  it('grows with the cameras, and is nothing without any', () => {
    expect(compare({ cameras: '400', draws: '64' }).documented.savings.documented.cost).toBe(24_000)
    const none = compare({ cameras: '0', draws: '64' })
    expect(none.documented.savings.measured).toEqual({ bandwidth: 0, cpu: 0, cost: 0 })
    expect(JSON.stringify(none)).not.toMatch(/NaN|Infinity/)
  })
})

describe('contradictions', () => {
  it('are named, each with both sides and why', () => {
    const ids = site.contradictions.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['copy-cpu', 'cores-saved', 'shared-percent', 'on-demand-ingest', 'sub-bitrate']),
    )
    for (const { says, against, explanation } of site.contradictions)
      for (const text of [says, against, explanation]) expect(text).toMatch(/\w.*\.$/)
  })
  it.each([
    ['copy-cpu', /40 %.*400 %.*0\.57 %/s],
    ['cores-saved', /90 cores.*40 of 120.*\$12,000/s],
    ['shared-percent', /83 %.*2 Gbps against 400 Mbps.*80 %/s],
    ['on-demand-ingest', /800 Mbps of the 840 Mbps/s],
    ['viewers-streams', /44 different ones, 200 watch 127/s],
  ])('%s says its figures', (id, figures) => {
    const { says, against, explanation } = site.contradictions.find(one => one.id === id)!
    expect(`${says} ${against} ${explanation}`).toMatch(figures)
  })
})

describe('architectures for a site', () => {
  it('record the same, whatever else they do', () => {
    for (const row of ['ingest.recording.day', 'ingest.recording.night', 'storage.raw', 'disk.write'])
      expect(new Set(site.architectures.map(({ id }) => figure(site, id, row).p95)).size).toBe(1)
  })
  it('are the plan of that site: on demand in software is what `vmsctl plan` says', () => {
    const plan = planSite(requestOf({ cameras: '200', transcode: '100%' }), 'test')
    const planned = (id: string) => plan.figures.find(one => one.id === id)!
    for (const id of ['ingest.viewing', 'uplink', 'relay.out', 'cpu.transcoding', 'storage.raw', 'cost.total', 'power'])
      expect(figure(site, 'on-demand', id), id).toEqual({ p50: planned(id).p50, p95: planned(id).p95 })
  })
  it('save little of ingest on demand, and most of the uplink at the edge', () => {
    const [naive, demand, edge] = ['naive', 'on-demand', 'edge'].map(id => figure(site, id, 'uplink').p50)
    expect(demand! / naive!).toBeGreaterThan(0.95)
    expect(edge! / naive!).toBeLessThan(0.25)
  })
  it('put transcodes on cards, and have no cards where nothing is transcoded', () => {
    expect(figure(site, 'on-demand', 'cpu.transcoding').p50).toBeGreaterThan(40)
    expect(figure(site, 'on-demand-hardware', 'cpu.transcoding').p50).toBe(0)
    expect(figure(site, 'on-demand-hardware', 'cards').p50).toBe(2)
    const passed = compare({ cameras: '200', transcode: '0%', draws: '256' })
    expect(figure(passed, 'naive', 'cpu.transcoding').p50).toBe(0)
    expect(figure(passed, 'shared-relay', 'cards').p50).toBe(0)
    // What adaptive rates make smaller is transcoded all the same.
    expect(figure(passed, 'adaptive', 'cards').p50).toBe(1)
  })
  it('mark the best where they differ, and nothing where they do not', () => {
    expect(site.best.uplink).toEqual(['edge'])
    expect(site.best.cards).toEqual(['naive', 'on-demand'])
    expect(site.best['storage.raw']).toBeUndefined()
  })
  it('never take more sub-streams, uplink or delivery than the naive one', () => {
    const settings = fc.record({
      cameras: fc.integer({ min: 1, max: 3_000 }).map(String),
      operators: fc.integer({ min: 0, max: 60 }).map(String),
      tiles: fc.constant('1'),
      linger: fc.constantFrom('0s', '30s', '5min'),
      'sub-bitrate': fc.constantFrom('500kbps', '2Mbps', 'none'),
      draws: fc.constant('64'),
    })
    fc.assert(
      fc.property(settings, values => {
        const of = compare(values)
        for (const row of ['streams', 'ingest.viewing', 'relay.out', 'cpu.transcoding'])
          for (const { id } of of.architectures)
            expect(figure(of, id, row).p95, `${id} ${row}`).toBeLessThanOrEqual(
              figure(of, 'naive', row).p95 * (1 + 1e-9),
            )
        expect(JSON.stringify(of)).not.toMatch(/NaN|Infinity/)
      }),
      { numRuns: 25 },
    )
  })
  it('are found by name, in the order of the list, or refused with the nearest', () => {
    expect(findArchitectures(['edge', 'naive']).map(({ id }) => id)).toEqual(['naive', 'edge'])
    expect(() => findArchitectures(['on-demnd'])).toThrow(/"on-demnd" is not an architecture/)
    try {
      findArchitectures(['on-demnd'])
    } catch (error) {
      expect((error as { hint: string }).hint).toMatch(/did you mean "on-demand"\?.*naive, on-demand/)
    }
  })
})

describe('the roadmap', () => {
  const road = roadmapOf(requestOf({ cameras: '200', transcode: '100%' }), { adaptation: ADAPTATION, vmsctl: 'test' })
  it('goes through the phases of S8 in their order', () => {
    expect(road.steps.map(({ phase, id }) => `${phase} ${id}`)).toEqual([
      '1 on-demand',
      '1 on-demand-hardware',
      '2 shared-relay',
      '2 adaptive',
      '3 edge',
    ])
  })
  it('adds up: each step begins where the one before ended, and the last ends where the total does', () => {
    for (const { id, before, after } of road.total) {
      const steps = road.steps.map(step => step.changes.find(change => change.id === id)!)
      expect(steps[0]!.before).toEqual(before)
      expect(steps.at(-1)!.after).toEqual(after)
      for (const [i, step] of steps.slice(1).entries()) expect(step.before).toEqual(steps[i]!.after)
      // Shares kept multiply to the share that is kept since the start.
      if (steps.some(({ saved }) => saved === null)) continue
      const kept = steps.reduce((product, { saved }) => product * (1 - saved!), 1)
      expect(1 - kept).toBeCloseTo(steps.at(-1)!.savedSinceStart!, 9)
    }
  })
  it('says what it comes to here beside what was promised, and what it costs', () => {
    const [demand, hardware, , , edge] = road.steps
    expect(demand!.found).toMatch(/^2\d(\.\d)? % of sub-stream bandwidth$/)
    expect(hardware!.found).toBe('100 % of transcode CPU')
    expect(hardware!.purchases.find(({ name }) => name === 'cards')).toMatchObject({ quantity: 2, amount: 5_000 })
    expect(edge!.purchases.find(({ name }) => name === 'nodes')!.quantity).toBeGreaterThan(0)
  })
  it('proves each step with commands that there are', () => {
    const root = fileURLToPath(new URL('../../../commands', import.meta.url))
    const commands = readdirSync(root, { recursive: true, encoding: 'utf8' }).map(file => file.replace(/\.ts$/, ''))
    for (const { proofs } of road.steps) {
      expect(proofs.length).toBeGreaterThan(0)
      for (const { command } of proofs) {
        const words = command.replace(/^vmsctl /, '').split(' ')
        expect(commands.includes(words[0]!) || commands.includes(words.slice(0, 2).join('/')), command).toBe(true)
      }
    }
  })
})
