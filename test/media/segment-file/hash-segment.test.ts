import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hashSegment, repairSegment } from '../../../src/media/segment-file/index.ts'
import { RunSamples } from '../../../src/wire/mp4/index.ts'
import { hashByHand } from '../../support/hash-by-hand.ts'
import { readFile, VIDEO, writeFile } from '../../wire/mp4/support.ts'

const directory = mkdtempSync(join(tmpdir(), 'vmsctl-hash-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A file of `frames` frames of `size` bytes, left open. */
function open(frames: number, size: number): string {
  const samples = RunSamples.of(
    Array.from({ length: frames }, () => ({ size, duration: 3_600, compositionOffset: 0, key: true })),
  )
  const data = Buffer.alloc(frames * size)
  for (let at = 0; at + 4 <= data.length; at += 4) data.writeUInt32BE((at * 2_654_435_761) >>> 0, at)
  const path = join(directory, `${frames}-${size}.mp4`)
  writeFileSync(path, writeFile([VIDEO], [{ runs: [{ trackId: 1, decodeTime: 0, samples }], data }], false))
  return path
}

describe('hashing a segment', () => {
  // One read takes a mebibyte: less, about one, and several with a rest.
  it.each([
    [3, 1_000],
    [1, 1_048_576 - 128],
    [5, 700_001],
  ])('gives what the document says, of %i frames of %i bytes', async (frames, size) => {
    const path = open(frames, size)
    expect(await hashSegment(path)).toBeUndefined()
    await repairSegment(path)
    const { said, found } = hashByHand(readFileSync(path))
    expect(found).toBe(said)
    expect(await hashSegment(path)).toEqual({ said, found, bytes: readFileSync(path).length })
  })

  it('finds any bit that was changed, but for the digits of the hash: those say another one', async () => {
    const path = open(2, 50)
    await repairSegment(path)
    const whole = readFileSync(path)
    const length = readFile(whole).init!.bytes.length
    const inFragments = Array.from({ length: whole.length - length }, (_, index) => length + index)
    // The start of the mark's text, the codec's parameters, the rest at the end of the room for the index.
    const inInit = [whole.indexOf('"site"'), whole.indexOf('avcC') + 9, length - 1]
    for (const at of [...inFragments, ...inInit]) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 4
      writeFileSync(path, changed)
      const check = await hashSegment(path).catch(() => undefined)
      if (check) expect(check.found, `byte ${at}`).not.toBe(check.said)
    }
  })

  it('ends when it is told to', async () => {
    const path = open(4, 700_000)
    await repairSegment(path)
    await expect(hashSegment(path, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })

  it('lets the system say that there is no file', async () => {
    await expect(hashSegment(join(directory, 'none.mp4'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
