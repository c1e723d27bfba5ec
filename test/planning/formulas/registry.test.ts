import { describe, expect, it } from 'vitest'
import { explain, FORMULAS, findFormula, formulaGroups, isGroup } from '../../../src/planning/formulas/index.ts'
import { inUnit } from '../../../src/planning/formulas/quantities.ts'

/** The names that scripts use; issue 6. None may go. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  'storage.volume': ['bitrate', 'hours', 'days', 'cameras'],
  'storage.day-night': [],
  'storage.motion-share': ['events-per-hour', 'event', 'pre', 'post'],
  'storage.required': ['need', 'filesystem', 'headroom'],
  'storage.planned': ['bitrate', 'hours', 'overhead', 'safety'],
  'raid.usable': ['level', 'disks', 'size'],
  'raid.groups': ['need', 'level', 'group', 'size', 'spares'],
  'storage.retention': ['usable', 'daily', 'filesystem', 'headroom'],
  'raid.ure': ['disks', 'size', 'rate'],
  'raid.rebuild': ['size', 'speed'],
  'disk.any-failure': ['disks', 'afr'],
  'disk.workload': ['bitrate'],
  'disk.iops': ['bitrate'],
  'ssd.life': ['size', 'dwpd', 'years', 'bitrate'],
  'net.rtp-udp': ['bitrate', 'payload'],
  'net.rtsp-tcp': [],
  'net.link': ['bitrate', 'rule'],
  'net.operators': ['operators', 'tiles', 'sub', 'main'],
  'relay.gateways': ['viewers', 'each', 'spare'],
  'viewers.closed': ['cameras', 'viewers', 'zipf', 'tiles', 'dwell', 'linger'],
  'viewers.open': ['cameras', 'arrivals', 'session', 'linger', 'zipf'],
  'erlang.b': ['servers', 'load'],
  'erlang.c': [],
  'erlang.servers': ['load', 'blocking'],
  'binomial.quantile': ['n', 'p', 'q'],
  'availability.k-of-n': ['k', 'n', 'each'],
  'failover.spare': ['nodes'],
  'failover.recovery': ['lease', 'renew', 'poll', 'connect', 'gop'],
  'failover.restart': ['cameras', 'rate'],
  'uplink.drain': ['bitrate', 'outage', 'uplink'],
  'cost.energy': ['power', 'pue', 'hours', 'price'],
  'cost.cdn': [],
  'cost.capital': [],
  'uncertainty.correlated': ['cameras', 'mean', 'sd', 'rho'],
  'encoder.sessions': [],
  'architecture.always-on': [],
  'architecture.on-demand': [],
  'architecture.edge': [],
}

describe('the formulas', () => {
  it('are all that were promised, with their inputs', () => {
    for (const [id, inputs] of Object.entries(PROMISED))
      expect(Object.keys(findFormula(id).inputs)).toEqual(expect.arrayContaining([...inputs]))
  })

  it('have ids of their own, groups together, and everything said', () => {
    const ids = FORMULAS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...formulaGroups().values()].flat().map(({ id }) => id)).toEqual(ids)
    for (const { id, title, expression, words, source, inputs, results } of FORMULAS) {
      expect(id).toMatch(/^[a-z]+\.[a-z][a-z-]*[a-z]$|^erlang\.[bc]$/)
      for (const text of [title, expression, words, source.text]) expect([id, text.length > 3]).toEqual([id, true])
      expect([id, words]).toEqual([id, expect.stringMatching(/\.$/)])
      expect(Object.keys(results).length).toBeGreaterThan(0)
      for (const [name, input] of Object.entries(inputs)) {
        expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
        // What a vendor or somebody else says has an address or a name; an assumption never claims one it lacks.
        if (input.grade === 'vendor' || input.grade === 'secondary')
          expect([id, name, input.source.url]).toEqual([id, name, expect.stringMatching(/^https?:/)])
        if (input.type === 'quantity') {
          expect([id, name, input.kind.units[input.unit]]).toEqual([id, name, expect.any(Number)])
          expect([id, name, input.default >= input.min && input.default <= input.max]).toEqual([id, name, true])
        }
      }
      for (const { unit, kind } of Object.values(results))
        if (kind) expect([id, unit, inUnit(1, unit, kind)]).toEqual([id, unit, expect.any(Number)])
    }
  })

  it('give finite figures by default and in their examples', () => {
    for (const formula of FORMULAS) {
      const { results, example, grade } = explain(formula)
      for (const { value } of Object.values(results))
        expect([formula.id, Number.isFinite(value)]).toEqual([formula.id, true])
      expect([formula.id, Number.isFinite(example.result.value)]).toEqual([formula.id, true])
      expect(example.set.length).toBeGreaterThan(0)
      expect(['measured', 'vendor', 'secondary', 'derived', 'assumption']).toContain(grade)
    }
  })

  it('answer at the ends of every range: a figure, no end, or a clear refusal, and soon', () => {
    for (const formula of FORMULAS) {
      for (const [name, input] of Object.entries(formula.inputs)) {
        if (input.type !== 'quantity') continue
        for (const end of [input.above ? input.max / 1e9 : input.min, input.max]) {
          const setting = `${name}=${end}${input.unit === 'share' ? '' : input.unit}`
          const start = process.cpuUsage()
          let figures: unknown[] = []
          try {
            figures = Object.values(explain(formula, [setting]).results).map(({ value }) => value)
          } catch (error) {
            expect([formula.id, setting, error]).toEqual([
              formula.id,
              setting,
              expect.objectContaining({ exitCode: 2 }),
            ])
          }
          for (const value of figures)
            expect([formula.id, setting, value === null || Number.isFinite(value)]).toEqual([formula.id, setting, true])
          expect([formula.id, setting, process.cpuUsage(start).user < 5e6]).toEqual([formula.id, setting, true])
        }
      }
    }
  }, 90_000)

  it('are found in any case, and by the nearest name when there is none', () => {
    expect(findFormula('Erlang.B').id).toBe('erlang.b')
    expect(isGroup('storage') && !isGroup('storage.volume')).toBe(true)
    expect(() => findFormula('storage.volum')).toThrow(
      expect.objectContaining({ code: 'VMS_E_FORMULA_NOT_FOUND', exitCode: 3, hint: 'did you mean "storage.volume"?' }),
    )
    expect(() => findFormula('x'.repeat(10_000))).toThrow(/^no formula is called "x{60}"$/)
  })
})
