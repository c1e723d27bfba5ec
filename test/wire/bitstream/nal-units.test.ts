import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addEmulation,
  buildFiller,
  buildUserDataSei,
  eachNal,
  eachSeiMessage,
  findStartCode,
  findUserDataSei,
  removeEmulation,
  splitAnnexB,
} from '../../../src/wire/bitstream/index.ts'
import { unitOf } from '../rtp/support.ts'

/** Bytes with many zeros, ones, twos and threes. */
const awkward = fc
  .array(fc.oneof(fc.nat(3), fc.constant(0), fc.nat(255)), { maxLength: 80 })
  .map(list => Uint8Array.from(list))

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('emulation prevention', () => {
  it('leaves no start code in any payload, and comes off again', () => {
    fc.assert(
      fc.property(awkward, payload => {
        const escaped = addEmulation(payload)
        for (let i = 0; i + 2 < escaped.length; i++) {
          expect(escaped[i] === 0 && escaped[i + 1] === 0 && escaped[i + 2]! < 3).toBe(false)
        }
        expect(escaped.at(-1)).not.toBe(0)
        // Only the 3 behind a last zero has nothing to protect once the NAL unit is taken apart.
        expect(hex(removeEmulation(escaped)).startsWith(hex(payload))).toBe(true)
        if (payload.at(-1) !== 0) expect(hex(removeEmulation(escaped))).toBe(hex(payload))
      }),
      { numRuns: 500 },
    )
  })

  it('is where the standard has it', () => {
    expect(hex(addEmulation(Uint8Array.of(0, 0, 0, 0, 0, 1)))).toBe('0000030000030001')
    expect(hex(removeEmulation(Uint8Array.of(9, 0, 0, 3, 1, 9), 1, 5))).toBe('000001')
  })
})

describe('NAL units', () => {
  it('of an Annex B stream are found between start codes of three and four bytes', () => {
    const nal = fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .map(bytes => addEmulation(Uint8Array.of(1, ...bytes, 0x80)))
    fc.assert(
      fc.property(fc.array(fc.tuple(nal, fc.nat(2)), { maxLength: 6 }), parts => {
        const stream = Buffer.concat(
          parts.flatMap(([bytes, zeros]) => [Buffer.alloc(zeros), Buffer.of(0, 0, 1), bytes]),
        )
        expect(splitAnnexB(stream).map(hex)).toEqual(parts.map(([bytes]) => hex(bytes)))
      }),
    )
    expect(splitAnnexB(Uint8Array.of(1, 2, 3))).toEqual([])
  })

  it('finds start codes as a plain search does', () => {
    fc.assert(
      fc.property(awkward, fc.nat(10), (bytes, from) => {
        const plain = Buffer.from(bytes).indexOf(Buffer.of(0, 0, 1), from)
        expect(findStartCode(bytes, from)).toBe(plain)
      }),
      { numRuns: 500 },
    )
  })

  it('of an access unit are visited in order, until one does not fit or the visitor has enough', () => {
    const unit = unitOf([Buffer.of(1), Buffer.of(), Buffer.of(2, 2)])
    const visit = (bytes: Buffer, enough = false) => {
      const seen: string[] = []
      const whole = eachNal(bytes, 0, bytes.length, (start, end) => {
        seen.push(hex(bytes.subarray(start, end)))
        return !enough
      })
      return { seen, whole }
    }
    expect(visit(unit)).toEqual({ seen: ['01', '0202'], whole: true })
    expect(visit(unit, true)).toEqual({ seen: ['01'], whole: true })
    expect(visit(unit.subarray(0, -1))).toEqual({ seen: ['01'], whole: false })
    expect(visit(Buffer.from('ffffffff00', 'hex'))).toEqual({ seen: [], whole: false })
  })
})

describe('SEI', () => {
  const uuid = Uint8Array.from({ length: 16 }, (_, index) => (index % 3 === 0 ? 0 : index))
  const other = Uint8Array.from({ length: 16 }, () => 7)

  it('user data comes back from among other NAL units, whatever its bytes and size', () => {
    const payload = fc.oneof(awkward, fc.uint8Array({ minLength: 230, maxLength: 600 }))
    fc.assert(
      fc.property(fc.constantFrom('h264' as const, 'h265' as const), payload, payload, (codec, wanted, unwanted) => {
        const slice = codec === 'h264' ? Buffer.of(0x65, 0x88, 1) : Buffer.of(0x26, 1, 0x88)
        const unit = unitOf([buildUserDataSei(codec, other, unwanted), buildUserDataSei(codec, uuid, wanted), slice])
        expect(hex(findUserDataSei(codec, unit, uuid)!)).toBe(hex(wanted))
        expect(hex(findUserDataSei(codec, unit, other)!)).toBe(hex(unwanted))
        expect(findUserDataSei(codec, unitOf([slice]), uuid)).toBeUndefined()
        const behind = Buffer.concat([Buffer.alloc(9), unit, Buffer.alloc(3)])
        expect(hex(findUserDataSei(codec, behind, uuid, 9, 9 + unit.length)!)).toBe(hex(wanted))
        expect(findStartCode(buildUserDataSei(codec, uuid, wanted), 0)).toBe(-1)
      }),
    )
  })

  it('is searched in any bytes without harm, and messages stay inside the payload', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        findUserDataSei('h264', bytes, uuid)
        findUserDataSei('h265', unitOf([Buffer.of(0x4e, 1, ...bytes)]), uuid)
        eachSeiMessage(bytes, (_type, start, end) => {
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(bytes.length)
        })
      }),
    )
    let count = 0
    eachSeiMessage(new Uint8Array(10_000), () => count++)
    expect(count).toBe(64)
  })

  it('filler has the size that was asked for', () => {
    for (const size of [3, 4, 500]) {
      expect(buildFiller('h264', size)).toHaveLength(size)
      expect(buildFiller('h265', size)).toHaveLength(size)
    }
    expect(hex(buildFiller('h264', 4))).toBe('0cffff80')
    expect(hex(buildFiller('h265', 4))).toBe('4c01ff80')
  })
})
