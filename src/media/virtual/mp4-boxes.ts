/** A box of an MP4 file: bounds of its content. */
export interface Box {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** The boxes in `bytes[start, end)`, one behind the other; ends at the first that does not fit. */
export function* boxes(bytes: Buffer, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const size = bytes.readUInt32BE(at)
    const stop = size === 0 ? end : at + size
    // 64 bit sizes are for media data only; no index needs them.
    if (stop < at + 8 || stop > end) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + 8, end: stop }
    at = stop
  }
}

/** The first box of that type directly inside `parent`; `skip` bytes of fields stand before its children. */
export function childBox(bytes: Buffer, parent: Box, type: string, skip = 0): Box | undefined {
  for (const box of boxes(bytes, parent.start + skip, parent.end)) if (box.type === type) return box
  return undefined
}

/** A box by the types on the way to it. */
export function path(bytes: Buffer, parent: Box, ...types: string[]): Box | undefined {
  let box: Box | undefined = parent
  for (const type of types) box = box && childBox(bytes, box, type)
  return box
}
