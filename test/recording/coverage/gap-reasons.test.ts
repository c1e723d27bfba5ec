import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { diskReason } from '../../../src/media/recorder/disk-trouble.ts'
import { gapReason } from '../../../src/recording/coverage/index.ts'
import type { GapReason } from '../../../src/recording/types.ts'
import { failureOf } from '../../../src/wire/rtsp/dialogue/failure.ts'

const source = fileURLToPath(new URL('../../../src/', import.meta.url))
const read = (pattern: string) =>
  globSync(pattern, { cwd: source }).map(path => readFileSync(source + path, 'utf8').replace(/^\s*(\*|\/\/).*$/gm, ''))

/** A literal as it looks when it is written: what it is filled with is a word or a number. */
const filled = (text: string) => text.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7').replace(/\\'/g, "'")

const LITERAL = `(?:'((?:[^'\\\\]|\\\\.)+)'|"([^"]+)"|\`([^\`]+)\`)`

/** Every literal that stands where one of `calls` has it; `calls` are patterns that end before the literal. */
function literals(pattern: string, calls: readonly string[]): string[] {
  const found: string[] = []
  for (const text of read(pattern))
    for (const call of calls)
      for (const match of text.matchAll(new RegExp(`${call}\\s*${LITERAL}`, 'g')))
        found.push(filled(match.slice(1).find(part => part !== undefined)!))
  return found
}

/** The values of a table of words in a file. */
function table(path: string, name: string): string[] {
  const text = readFileSync(source + path, 'utf8')
  const body = new RegExp(`const ${name}[^=]*= \\{([\\s\\S]*?)\\n\\}`).exec(text)![1]!
  return [...body.matchAll(/:\s*'([^']+)'/g)].map(match => match[1]!)
}

function known(texts: readonly string[], atLeast: number): void {
  // Fewer than there are means that this test does not see them any more.
  expect(texts.length).toBeGreaterThanOrEqual(atLeast)
  expect(texts.filter(text => gapReason(text) === 'other')).toEqual([])
}

describe('gapReason', () => {
  it('knows every reason of a source', () => {
    known(
      literals('media/source/**/*.ts', [
        '#fail\\(',
        '#give\\(',
        '#again\\(',
        '#close\\(',
        '\\bclose\\(',
        "#end\\('[\\w-]+',",
        '\\breturn',
      ]).filter(text => / |refused/.test(text) && !/ is not (used|recorded)$|^7 in /.test(text)),
      15,
    )
    known(table('media/source/connection.ts', 'TROUBLE'), 11)
  })

  it('knows every failure of a dialogue', () => {
    known(literals('wire/rtsp/dialogue/*.ts', ["failure\\('[\\w-]+',"]), 5)
    const statuses = [...Array(300).keys()].map(n => n + 300)
    const response = (status: number) => ({ status, headers: undefined, body: Buffer.alloc(0) }) as never
    known(
      statuses.map(status => failureOf(response(status), 'DESCRIBE').message),
      300,
    )
  })

  it('knows every reason of a recorder', () => {
    known(
      literals('media/recorder/*.ts', [
        'ledger\\.note\\([^,]+,',
        'ledger\\.previous\\([^,]+,',
        '#ledger\\.note\\([^;]*?,',
        '\\bspoilt\\([^)]*reason:',
        "#interrupt\\('[\\w-]+',",
      ]),
      5,
    )
    known(literals('media/recorder/write-lane.ts', ['\\?\\?']), 3)
    known(table('media/recorder/disk-trouble.ts', 'REASONS'), 12)
    for (const code of ['ENOSPC', 'EIO', 'EBADF', undefined])
      expect(gapReason(diskReason(Object.assign(new Error('x'), { code })))).toMatch(/^disk-/)
    known(literals('media/recorder/storage-marker.ts', ['NotMountedError\\(']), 2)
  })

  it('knows why a recording or an engine ends', () => {
    known(
      literals('media/worker/*.ts', [
        '#endRecording\\((?:[^)]*\\?)?',
        "'engine changed' :",
        '\\.close\\(',
        'return',
      ]).filter(text => text.includes(' ') || text === 'stopped'),
      5,
    )
    known(
      [
        ...literals('media/ffmpeg-recorder/*.ts', [
          '#later\\(',
          '#reason = ',
          '#reason \\?\\?',
          'FFMPEG_ENDED =',
          'WORKER_DIED =',
        ]),
      ].filter(text => !text.startsWith('ffmpeg: ')),
      6,
    )
    known(literals('daemon/lost-seconds.ts', ['NO_RECORDER =']), 1)
  })

  it('knows why a segment begins, which a recorder may note between two sessions', () => {
    const text = readFileSync(`${source}wire/mp4/types.ts`, 'utf8')
    const body = /type SegmentReason =([\s\S]*?)\n\n/.exec(text)![1]!
    const sessions = /reason: ([^\n]*)/.exec(readFileSync(`${source}media/frame.ts`, 'utf8'))
    expect(sessions).not.toBeNull()
    known(
      [...body.matchAll(/'([^']+)'/g)]
        .map(match => match[1]!)
        .filter(word => !['duration', 'resumed', 'disk-error'].includes(word)),
      5,
    )
  })

  it.each<[string, GapReason]>([
    ['refused', 'refused'],
    ['404 no such stream', 'refused'],
    ['503 service unavailable, often too many connections', 'refused'],
    ['401 unauthorized', 'unauthorized'],
    ['unreachable (no answer)', 'unreachable'],
    ['no answer to DESCRIBE in 10 s', 'unreachable'],
    ['no data for 3.5 s', 'stalled'],
    ['no video for 20 s', 'no-video'],
    ['disk full', 'disk-full'],
    ['disk quota reached', 'disk-full'],
    ['ENOSPC: no space left on device, mkdir', 'disk-full'],
    ['EACCES: permission denied', 'disk-error'],
    ['disk stalled', 'disk-error'],
    ['storage not mounted', 'disk-error'],
    ['no recorder', 'node-down'],
    ['worker restarted', 'node-down'],
    ["camera's media clock stepped", 'clock-step'],
    ['camera ended the stream (BYE)', 'disconnected'],
    ['the native recorder does not write MJPEG', 'unsupported'],
    ['file deleted', 'deleted'],
    ['<script>', 'other'],
    ['ffmpeg: Invalid data found', 'other'],
  ])('%s is %s', (text, reason) => expect(gapReason(text)).toBe(reason))
})
