import { wholeUp } from '../maths/whole-up.ts'

export interface EncoderLoad {
  encodes: number
  decodes: number
  /** How full one card would be with encoding and with decoding all of it (1 = one card). */
  encodeLoad: number
  decodeLoad: number
  /** The dearer half, which decides the number of cards. */
  decides: 'encode' | 'decode' | 'sessions'
  cards: number
}

/**
 * Cards for `streams` that are each decoded once and encoded into `renditions`. `encode` and `decode` are the share of a card's engine
 * that one takes, `fill` how full a card may be, `limit` the encoding sessions that a card's driver allows (infinite: no limit).
 */
export function encoderSessions(of: {
  streams: number
  renditions: number
  encode: number
  decode: number
  fill: number
  limit: number
}): EncoderLoad {
  const encodes = of.streams * of.renditions
  const decodes = encodes === 0 ? 0 : of.streams
  const encodeLoad = encodes * of.encode
  const decodeLoad = decodes * of.decode
  const halves = { encode: encodeLoad / of.fill, decode: decodeLoad / of.fill, sessions: encodes / of.limit }
  const dearest = Math.max(halves.encode, halves.decode, halves.sessions)
  const decides = (['encode', 'decode', 'sessions'] as const).find(half => halves[half] === dearest)!
  return { encodes, decodes, encodeLoad, decodeLoad, decides, cards: wholeUp(dearest) }
}
