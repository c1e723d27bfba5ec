import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeMark,
  encodeMark,
  type FrameMark,
  findMark,
  MARK_SIZE,
  MARK_UUID,
  markOwner,
  writeMarkNumber,
  writeMarkOwner,
} from '../../../src/media/virtual/frame-mark.ts'
import { buildUserDataSei, findUserDataSei } from '../../../src/wire/bitstream/index.ts'

const mark = fc.record<FrameMark>({
  camera: fc.stringMatching(/^[A-Za-z0-9_.-]{1,32}$/),
  stream: fc.constantFrom('main', 'sub'),
  run: fc.stringMatching(/^[0-9a-f]{8}$/),
  number: fc.maxSafeNat(),
  wall: fc.integer({ min: 0, max: 4e12 }),
})

describe('frame mark', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(mark, wanted => {
        expect(decodeMark(encodeMark(wanted))).toEqual(wanted)
      }),
    )
  })

  it('keeps microseconds', () => {
    const wanted = { camera: 'a', stream: 'main', run: '00000000', number: 1, wall: 1_795_461_849_076.125 } as const
    expect(decodeMark(encodeMark(wanted))?.wall).toBe(1_795_461_849_076.125)
  })

  it('never needs emulation prevention, so that it can be written over in place', () => {
    fc.assert(
      fc.property(mark, fc.constantFrom('h264' as const, 'h265' as const), (wanted, codec) => {
        const bytes = encodeMark(wanted)
        expect(Math.min(...bytes)).toBeGreaterThan(3)
        const sei = buildUserDataSei(codec, MARK_UUID, bytes.subarray(16))
        expect(sei.length).toBe((codec === 'h264' ? 1 : 2) + 2 + MARK_SIZE + 1)
        const at = sei.indexOf(MARK_UUID)
        expect(decodeMark(sei, at)).toEqual(wanted)
        const unit = Buffer.concat([Buffer.from([0, 0, 0, sei.length]), sei])
        expect(Buffer.from(findUserDataSei(codec, unit, MARK_UUID)!)).toEqual(bytes.subarray(16))
      }),
    )
  })

  it('is written over in place as if it were made anew', () => {
    fc.assert(
      fc.property(mark, mark, fc.nat(50), (before, after, at) => {
        const bytes = Buffer.concat([Buffer.alloc(at), encodeMark(before), Buffer.alloc(5)])
        writeMarkOwner(bytes, at, markOwner(after.camera, after.stream, after.run))
        writeMarkNumber(bytes, at, after.number, after.wall)
        expect(findMark(bytes)).toEqual(after)
        expect(bytes.subarray(at, at + MARK_SIZE)).toEqual(encodeMark(after))
      }),
    )
  })

  it('survives any bytes, and takes no others for a mark', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (noise, at) => {
        expect(decodeMark(noise, at)).toBeUndefined()
        expect(findMark(Buffer.from(noise))).toBeUndefined()
      }),
    )
  })

  it('refuses a mark with a damaged field', () => {
    const bytes = encodeMark({ camera: 'cam-001', stream: 'sub', run: '0123abcd', number: 7, wall: 9 })
    for (const at of [3, 16, 17, 49, 52, 60, 80]) {
      const broken = Buffer.from(bytes)
      broken[at] = 0xff
      expect(decodeMark(broken), `byte ${at}`).toBeUndefined()
    }
    expect(decodeMark(bytes.subarray(0, MARK_SIZE - 1))).toBeUndefined()
  })
})
