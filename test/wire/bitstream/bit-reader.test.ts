import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BitReader } from '../../../src/wire/bitstream/index.ts'

/** Bits as a text of 0 and 1, as bytes. */
const bytes = (bits: string) =>
  Uint8Array.from(bits.match(/.{1,8}/g) ?? [], part => Number.parseInt(part.padEnd(8, '0'), 2))

const golomb = (value: number) => {
  const code = (value + 1).toString(2)
  return '0'.repeat(code.length - 1) + code
}

describe('BitReader', () => {
  it('reads numbers of any width back', () => {
    const field = fc.integer({ min: 1, max: 32 }).chain(width => fc.tuple(fc.constant(width), fc.nat(2 ** width - 1)))
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), fields => {
        const reader = new BitReader(
          bytes(fields.map(([width, value]) => value.toString(2).padStart(width, '0')).join('')),
        )
        expect(fields.map(([width]) => reader.bits(width))).toEqual(fields.map(([, value]) => value))
        expect(reader.overrun).toBe(false)
        expect(reader.left).toBeLessThan(8)
      }),
    )
  })

  it('reads Exp-Golomb codes back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(20), fc.nat(2 ** 32 - 2)), { maxLength: 20 }), values => {
        const all = bytes(values.map(golomb).join(''))
        const unsigned = new BitReader(all)
        expect(values.map(() => unsigned.unsigned())).toEqual(values)
        const signed = new BitReader(all)
        const expected = values.map(value => (value % 2 === 1 ? (value + 1) / 2 : value === 0 ? 0 : -value / 2))
        expect(values.map(() => signed.signed())).toEqual(expected)
      }),
    )
  })

  it('gives zeros past the end and says so', () => {
    const reader = new BitReader(Uint8Array.of(0xff, 0xff), 1)
    expect(reader.bits(6)).toBe(63)
    expect(reader.bits(3)).toBe(0)
    expect(reader.overrun).toBe(true)
    expect(reader.left).toBe(0)
    const skipped = new BitReader(Uint8Array.of(1))
    skipped.skip(9)
    expect(skipped.overrun).toBe(true)
    const zeros = new BitReader(new Uint8Array(20))
    expect(zeros.unsigned()).toBe(0)
    expect(zeros.overrun, 'no code has 33 zeros').toBe(true)
  })
})
