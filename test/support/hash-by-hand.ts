import { createHash } from 'node:crypto'

/**
 * The hash of a closed segment as docs/segment-format.md says it is made, with nothing of our own reader. `said` is what stands
 * in the file; undefined when nothing does, or it has no fragment.
 */
export function hashByHand(file: Buffer): { said: string | undefined; found: string } {
  let at = 0
  for (let size = 0; file.toString('latin1', at + 4, at + 8) !== 'moof'; at += size) {
    size = at + 8 <= file.length ? file.readUInt32BE(at) : 0
    if (size < 8) return { said: undefined, found: '' }
  }
  const init = Buffer.from(file.subarray(0, at))
  const place = init.indexOf('"sha256":"') + 10
  const digits = init.toString('latin1', place, place + 64)
  const said = /^[0-9a-f]{64}$/.test(digits) ? digits : undefined
  if (said) init.fill('0', place, place + 64)
  const found = createHash('sha256').update(file.subarray(at)).update(init).digest('hex')
  return { said, found }
}
