/**
 * The payload of a NAL unit without its emulation prevention bytes (the 3 in 00 00 03), ITU-T H.264 section 7.4.1.
 * Reads `nal[start, end)`; always gives bytes of its own.
 */
export function removeEmulation(nal: Uint8Array, start = 0, end = nal.length): Uint8Array {
  const out = new Uint8Array(Math.max(0, end - start))
  let length = 0
  let zeros = 0
  for (let i = start; i < end; i++) {
    const byte = nal[i]!
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    out[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return out.subarray(0, length)
}

/** The reverse: puts a 3 wherever two zeros would be followed by 0 to 3, and behind a zero at the end. */
export function addEmulation(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(payload.length + Math.floor(payload.length / 2) + 1)
  let length = 0
  let zeros = 0
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out[length++] = 3
      zeros = 0
    }
    out[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  if (zeros > 0) out[length++] = 3
  return out.subarray(0, length)
}
