import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { repairSegment } from '../../src/media/segment-file/index.ts'
import { BoxWriter } from '../../src/wire/mp4/box-writer.ts'
import { encodeEnd, writeMarkBox } from '../../src/wire/mp4/mark-box.ts'
import { RunSamples } from '../../src/wire/mp4/run-samples.ts'
import { hasProgram } from '../support/programs.ts'
import { MARK, VIDEO, writeFile } from '../wire/mp4/support.ts'

const document = readFileSync(fileURLToPath(new URL('../../docs/segment-format.md', import.meta.url)), 'utf8')
const directory = mkdtempSync(join(tmpdir(), 'vmsctl-format-'))
afterAll(() => rmSync(directory, { recursive: true }))

function segment(name: string): string {
  const samples = RunSamples.of([{ size: 5_000, duration: 72_000, compositionOffset: 0, key: true }])
  const fragments = [0, 1].map(number => ({
    runs: [{ trackId: 1, decodeTime: number * 72_000, samples }],
    data: Buffer.alloc(5_000, number + 1),
  }))
  const path = join(directory, name)
  writeFileSync(path, writeFile([VIDEO], fragments, false))
  return path
}

describe('the document of the format', () => {
  it.skipIf(!hasProgram('python3', ['--version']))('has a script that checks a file', async () => {
    const script = /```python\n([\s\S]*?)```/.exec(document)![1]!
    const [good, changed, renamed, open] = ['good.mp4', 'changed.mp4', 'renamed.mp4', 'open.mp4'].map(segment)
    for (const path of [good!, changed!, renamed!]) await repairSegment(path)
    const bytes = readFileSync(changed!)
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(changed!, bytes)
    const mark = readFileSync(renamed!)
    mark.write('hall-2', mark.indexOf('gate-1'))
    writeFileSync(renamed!, mark)
    const out = execFileSync('python3', ['-c', script, good!, changed!, renamed!, open!], { encoding: 'utf8' })
    expect(out.trim().split('\n')).toEqual([
      `${good}: ok`,
      `${changed}: CHANGED`,
      `${renamed}: CHANGED`,
      `${open}: no hash`,
    ])
  })

  it('names every field of the mark and the end, the type of the box and the room', () => {
    const rows = [...document.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names]) => names!.match(/\w+/g)!)
    const end = JSON.parse(
      encodeEnd({ duration: 1, reason: 'x', frames: 1, sha256: '0'.repeat(64) }, 192)
        .toString('utf8', 4)
        .replaceAll('\0', ''),
    )
    expect(rows.sort()).toEqual([...Object.keys(MARK), ...Object.keys(end)].sort())
    const out = new BoxWriter()
    const room = writeMarkBox(out, MARK)
    const type = out.finish().toString('hex', 8, 24)
    expect(document.replaceAll('-', '')).toContain(type)
    expect(document).toContain(`| ${room.size - 4} | room for the end`)
  })
})
