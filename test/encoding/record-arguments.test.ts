import { describe, expect, it } from 'vitest'
import { parseFfmpegVersion, recordCommand } from '../../src/encoding/index.ts'

const request = {
  url: "rtsp://viewer:it's@127.0.0.1:8654/gate-1/main",
  pattern: '/archive/gate-1/main/%Y%m%d_%H%M%S.mp4',
  segment: 180,
  format: 'mp4',
} as const

describe('ffmpeg version', () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026', 5, 1],
    ['ffmpeg version n7.1 Copyright', 7, 1],
    ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright', 4, 4],
    ['ffmpeg version N-118000-gabcdef Copyright', 99, 0],
  ])('%s', (line, major, minor) => {
    expect(parseFfmpegVersion(line)).toMatchObject({ major, minor })
  })

  it('does not take anything for ffmpeg', () => {
    expect(parseFfmpegVersion('bash: ffmpeg: command not found')).toBeUndefined()
    expect(parseFfmpegVersion('')).toBeUndefined()
  })
})

describe('record command', () => {
  it("is the owner's stream copy into segments named by time", () => {
    const { argv } = recordCommand(parseFfmpegVersion('ffmpeg version 5.1.9')!, request)
    const line = argv.join(' ')
    expect(line).toContain('-c copy -f segment -segment_time 180')
    expect(line).toContain('-strftime 1')
    expect(argv.at(-1)).toBe(request.pattern)
  })

  it('keeps the URL, and so the password, out of the arguments', () => {
    const { argv, input } = recordCommand(parseFfmpegVersion('ffmpeg version 5.1.9')!, request)
    expect(argv.join(' ')).not.toContain('rtsp://')
    expect(input).toContain("file 'rtsp://viewer:it'\\''s@127.0.0.1:8654/gate-1/main'")
  })

  it.each([
    ['4.4.2', 'option stimeout 10000000'],
    ['5.1.9', 'option timeout 10000000'],
    ['8.1', 'option timeout 10000000'],
  ])('ffmpeg %s: %s', (version, option) => {
    const { input } = recordCommand(parseFfmpegVersion(`ffmpeg version ${version}`)!, request)
    expect(input.split('\n')).toContain(option)
  })
})
