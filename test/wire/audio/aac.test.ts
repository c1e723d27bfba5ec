import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aacCodecString, buildAudioSpecificConfig, parseAudioSpecificConfig } from '../../../src/wire/audio/index.ts'

describe('AudioSpecificConfig', () => {
  it('reads what was written, for rates with and without an index', () => {
    const rate = fc.oneof(fc.constantFrom(8_000, 16_000, 44_100, 48_000, 96_000), fc.integer({ min: 1, max: 192_000 }))
    fc.assert(
      fc.property(rate, fc.constantFrom(1, 2, 3, 4, 5, 6, 8), (sampleRate, channels) => {
        const config = buildAudioSpecificConfig(sampleRate, channels)
        expect(parseAudioSpecificConfig(config)).toEqual({
          objectType: 2,
          sampleRate,
          outputSampleRate: sampleRate,
          channels,
          frameLength: 1024,
        })
        expect(aacCodecString(config)).toBe('mp4a.40.2')
      }),
    )
    expect(Buffer.from(buildAudioSpecificConfig(48_000, 1)).toString('hex')).toBe('1188')
    expect(Buffer.from(buildAudioSpecificConfig(44_100, 2)).toString('hex')).toBe('1210')
  })

  it('reads SBR, frames of 960, and object types beyond 31', () => {
    // 5 (SBR), 24 kHz (6), 2 channels, 48 kHz (3), then AAC-LC.
    expect(parseAudioSpecificConfig(Buffer.from('2b118800', 'hex'))).toMatchObject({
      objectType: 2,
      sampleRate: 24_000,
      outputSampleRate: 48_000,
      channels: 2,
    })
    expect(aacCodecString(Buffer.from('2b118800', 'hex'))).toBe('mp4a.40.5')
    expect(parseAudioSpecificConfig(Buffer.from('118c', 'hex'))).toMatchObject({ sampleRate: 48_000, frameLength: 960 })
    // 31 and 10: object type 42 (USAC), 48 kHz, mono.
    expect(parseAudioSpecificConfig(Buffer.from('f9462000', 'hex'))).toMatchObject({
      objectType: 42,
      sampleRate: 48_000,
    })
  })

  it('refuses what is cut or reserved, and survives any bytes', () => {
    expect(parseAudioSpecificConfig(Buffer.of(0x11))).toBeUndefined()
    expect(parseAudioSpecificConfig(Buffer.of())).toBeUndefined()
    expect(parseAudioSpecificConfig(Buffer.from('1690', 'hex')), 'rate index 13').toBeUndefined()
    expect(parseAudioSpecificConfig(Buffer.from('11f8', 'hex')), 'channel configuration 15').toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        const config = parseAudioSpecificConfig(bytes)
        if (config) expect(config.sampleRate).toBeGreaterThan(0)
        expect(aacCodecString(bytes)).toMatch(/^mp4a\.40\.\d+$/)
      }),
    )
  })
})
