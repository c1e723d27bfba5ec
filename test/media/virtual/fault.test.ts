import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VmsError } from '../../../src/kernel/errors.ts'
import {
  type Fault,
  formatFault,
  matches,
  matchesPattern,
  type PlannedFault,
  parseFault,
} from '../../../src/media/virtual/fault.ts'

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('freeze', 'drop', 'reboot', 'refuse', 'garbage', 'parameters') }),
  fc.record({ kind: fc.constant('answer' as const), status: fc.integer({ min: 300, max: 599 }) }),
  fc.record({ kind: fc.constant('clock' as const), offset: fc.integer({ min: -1e9, max: 1e9 }) }),
  fc.record({ kind: fc.constant('lose' as const), share: fc.integer({ max: 100, min: 0 }).map(n => n / 100) }),
  fc.record({ kind: fc.constant('jitter' as const), limit: fc.nat(10_000) }),
)

const planned: fc.Arbitrary<PlannedFault> = fc.record({
  target: fc.record({
    cameras: fc.array(fc.stringMatching(/^[A-Za-z0-9_.*?-]{1,12}$/), { minLength: 1, maxLength: 4 }),
    stream: fc.constantFrom(undefined, 'main' as const, 'sub' as const),
  }),
  fault,
  at: fc.option(fc.nat(1e6), { nil: undefined }),
  lasts: fc.nat(1e5),
  every: fc.constant(undefined),
})

describe('fault syntax', () => {
  it('reads the examples of the help', () => {
    expect(parseFault('cam-003:reboot@10s/5s')).toEqual({
      target: { cameras: ['cam-003'], stream: undefined },
      fault: { kind: 'reboot' },
      at: 10_000,
      lasts: 5_000,
      every: undefined,
    })
    expect(parseFault('*:lose=2.5%@0s')).toMatchObject({
      fault: { kind: 'lose', share: 0.025 },
      at: 0,
      lasts: undefined,
    })
    expect(parseFault('cam-00?,cam-042/sub:drop@30s,every=1min')).toMatchObject({
      target: { cameras: ['cam-00?', 'cam-042'], stream: 'sub' },
      every: 60_000,
    })
    expect(parseFault('a:freeze')).toMatchObject({ at: undefined, lasts: undefined })
    expect(parseFault('a:freeze@/5s')).toMatchObject({ at: undefined, lasts: 5_000 })
    expect(parseFault('a:clock=-1h')).toMatchObject({ fault: { kind: 'clock', offset: -3_600_000 } })
    expect(parseFault('a:clock=+250ms')).toMatchObject({ fault: { kind: 'clock', offset: 250 } })
    expect(parseFault('a:answer=404@1s/2s')).toMatchObject({ fault: { kind: 'answer', status: 404 } })
  })

  it('is written so that it reads the same', () => {
    fc.assert(
      fc.property(planned, wanted => {
        expect(parseFault(formatFault(wanted))).toEqual(wanted)
      }),
    )
  })

  it.each([
    ['reboot@10s', 'which cameras'],
    [':drop', 'which cameras'],
    ['cam-001', 'which cameras'],
    ['cam-001/third:drop', '"third" is no stream'],
    ['cam 001:drop', 'not a camera id'],
    ['a,,b:drop', 'without characters'],
    ['a:explode', '"explode" is no fault'],
    ['a:freeze=3', 'takes no value'],
    ['a:lose', 'needs a value'],
    ['a:lose=2', 'no share'],
    ['a:lose=101%', 'no share'],
    ['a:answer=200', 'no RTSP status'],
    ['a:clock=1', 'needs its unit'],
    ['a:reboot@10s', 'needs a duration'],
    ['a:freeze@10', 'needs its unit'],
    ['a:freeze@1s@2s', 'more than one @'],
    ['a:freeze@1s/2s/3s', 'more than one duration'],
    ['a:freeze@1s/5s,every=5s', 'shorter than the period'],
    ['a:freeze@1s,every=5s', 'shorter than the period'],
    ['a:drop@1s,often', 'not every=PERIOD'],
    ['a:drop@1s,every=0s', '1 ms at least'],
    [`${'x'.repeat(5_000)}:drop`, 'too long'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseFault(text)).toThrow(message)
  })

  it('throws nothing but usage errors, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        try {
          parseFault(text)
        } catch (error) {
          expect(error).toBeInstanceOf(VmsError)
          expect((error as VmsError).code).toBe('VMS_E_USAGE')
        }
      }),
    )
  })
})

describe('camera patterns', () => {
  it('match like a regular expression does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*?]{0,8}$/), fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matchesPattern(pattern, text)).toBe(expression.test(text))
      }),
    )
  })

  it('cost no more than pattern times text', () => {
    expect(matchesPattern(`${'*a'.repeat(1_000)}b`, 'a'.repeat(4_000))).toBe(false)
  })

  it('may name one stream', () => {
    const target = parseFault('cam-001/sub:drop').target
    expect(matches(target, 'cam-001', 'sub')).toBe(true)
    expect(matches(target, 'cam-001', 'main')).toBe(false)
    expect(matches(target, 'cam-0011', 'sub')).toBe(false)
  })
})
