import { describe, expect, it } from 'vitest'
import {
  LineSplitter,
  parseOpenedFile,
  parseProgressFrames,
  parseSegmentLine,
} from '../../../src/media/ffmpeg-recorder/progress.ts'

describe("ffmpeg's reports", () => {
  it('reads finished segments', () => {
    expect(parseSegmentLine('20261123_183000.mp4,0.000000,180.040000')).toEqual({
      name: '20261123_183000.mp4',
      start: 0,
      end: 180.04,
    })
    expect(parseSegmentLine('something else')).toBeUndefined()
  })

  it('reads frames and nothing else from progress', () => {
    expect(['frame=250', 'fps=25.00', 'frame=  7', 'frame=x', 'progress=continue'].map(parseProgressFrames)).toEqual([
      250,
      undefined,
      7,
      undefined,
      undefined,
    ])
  })

  it('reads the name of the file that is being written', () => {
    expect(parseOpenedFile("[segment @ 0x55d0] [info] Opening '/a/b 1.mp4' for writing")).toBe('/a/b 1.mp4')
    expect(parseOpenedFile("[rtsp @ 0x55d0] [info] Opening '/a' for reading")).toBeUndefined()
  })

  it('splits lines over chunks, and cuts endless ones', () => {
    const lines: string[] = []
    const splitter = new LineSplitter(line => lines.push(line), 10)
    for (const chunk of ['fra', 'me=1\nfps', '=2\r\n', 'x'.repeat(1_000), 'y\n']) splitter.push(chunk)
    expect(lines).toEqual(['frame=1', 'fps=2', 'xxxxxxxxxx'])
  })
})
