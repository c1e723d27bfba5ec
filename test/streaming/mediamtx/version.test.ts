import { describe, expect, it } from 'vitest'
import {
  compareVersions,
  isSince,
  knownVersion,
  parseRelayVersion,
  versionFlag,
} from '../../../src/streaming/mediamtx/version.ts'

describe('versions of MediaMTX', () => {
  it('are read from what it prints and from what people write', () => {
    const read = ['v1.20.1-6-3e09466c\n', 'v1.15.0', '1.17', 'v1.19.3+own', '1.99', '0.23.8', '2.0'].map(
      parseRelayVersion,
    )
    expect(read).toEqual(['1.20.1', '1.15.0', '1.17.1', '1.19.3', '1.99.0', '0.23.8', '2.0.0'])
    expect(['', 'v1', '1.2.3.4', 'latest', '1.x', 'ffmpeg version 5.1'].map(parseRelayVersion)).toEqual(Array(6))
  })

  it('are older and newer by number, not by letter', () => {
    expect(['1.20.0', '1.9.3', '1.15.10', '1.15.9'].sort((a, b) => compareVersions(a as never, b as never))).toEqual([
      '1.9.3',
      '1.15.9',
      '1.15.10',
      '1.20.0',
    ])
    expect([isSince('1.19.3', '1.19.3'), isSince('1.19.2', '1.19.3'), isSince('1.15.0', undefined)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('out of those known are taken for the nearest, and it is said', () => {
    expect(knownVersion('1.17.0')).toEqual({ version: '1.17.0' })
    expect(knownVersion('1.9.3')).toEqual({ version: '1.15.0', note: expect.stringContaining('older than 1.15.0') })
    expect(knownVersion('2.0.0')).toEqual({ version: '1.20.1', note: expect.stringContaining('newer than 1.20.1') })
  })

  it('of --for are told when they are none', () => {
    expect(() => versionFlag('latest')).toThrow('--for "latest" is not a version of MediaMTX')
  })
})
