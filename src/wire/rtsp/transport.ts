import { splitParameter, splitUnquoted } from './parameters.ts'

/** Two numbers of a header, `8000-8001`: ports, or interleaved channels. First is RTP's, second RTCP's. */
type NumberPair = readonly [rtp: number, rtcp: number]

/** One alternative of a Transport header (RFC 2326 section 12.39). What the header leaves out is undefined. */
export interface Transport {
  /** `RTP/AVP`, `RTP/SAVP`, `RTP/AVPF`, in upper case. */
  readonly profile: string
  readonly lower: 'udp' | 'tcp'
  readonly delivery: 'unicast' | 'multicast' | undefined
  /** Channels 0 to 255. */
  readonly interleaved: NumberPair | undefined
  readonly clientPort: NumberPair | undefined
  readonly serverPort: NumberPair | undefined
  /** Multicast. */
  readonly port: NumberPair | undefined
  readonly ttl: number | undefined
  /** 32 bits. */
  readonly ssrc: number | undefined
  /** In lower case: `play`, `record`. */
  readonly mode: string | undefined
  readonly destination: string | undefined
  readonly source: string | undefined
}

/** Alternatives that are read of one header. */
const MAX_ALTERNATIVES = 16

/** The alternatives of a Transport header in their order; parts that make no sense are as if absent. */
export function parseTransport(value: string): Transport[] {
  return splitUnquoted(value, ',').slice(0, MAX_ALTERNATIVES).flatMap(parseAlternative)
}

/** A Transport with nothing but what is given. */
export function transport(lower: 'udp' | 'tcp', fields: Partial<Transport> = {}): Transport {
  return {
    profile: 'RTP/AVP',
    lower,
    delivery: 'unicast',
    interleaved: undefined,
    clientPort: undefined,
    serverPort: undefined,
    port: undefined,
    ttl: undefined,
    ssrc: undefined,
    mode: undefined,
    destination: undefined,
    source: undefined,
    ...fields,
  }
}

/** The header value of one alternative. */
export function serializeTransport(given: Transport): string {
  const parts = [given.lower === 'tcp' ? `${given.profile}/TCP` : given.profile]
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) parts.push(`${name}=${value}`)
  }
  if (given.delivery) parts.push(given.delivery)
  add('destination', given.destination)
  add('source', given.source)
  add('interleaved', given.interleaved?.join('-'))
  add('port', given.port?.join('-'))
  add('ttl', given.ttl)
  add('client_port', given.clientPort?.join('-'))
  add('server_port', given.serverPort?.join('-'))
  add('ssrc', given.ssrc?.toString(16).toUpperCase().padStart(8, '0'))
  add('mode', given.mode)
  return parts.join(';')
}

function parseAlternative(text: string): Transport[] {
  const parts = splitUnquoted(text, ';')
  const [, profile, lower] = /^(RTP\/S?AVPF?)(?:\/(TCP|UDP))?$/i.exec(parts[0] ?? '') ?? []
  if (profile === undefined) return []
  const fields = new Map(parts.slice(1).map(splitParameter))
  const delivery = fields.has('unicast') ? 'unicast' : fields.has('multicast') ? 'multicast' : undefined
  return [
    {
      profile: profile.toUpperCase(),
      lower: lower?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
      delivery,
      interleaved: parsePair(fields.get('interleaved'), 255),
      clientPort: parsePair(fields.get('client_port'), 65_535),
      serverPort: parsePair(fields.get('server_port'), 65_535),
      port: parsePair(fields.get('port'), 65_535),
      ttl: parseWhole(fields.get('ttl'), 255),
      ssrc: parseSsrc(fields.get('ssrc')),
      mode: fields.get('mode')?.toLowerCase() || undefined,
      destination: fields.get('destination') || undefined,
      source: fields.get('source') || undefined,
    },
  ]
}

/** `4-5`; of a single `4` the second is the next number. */
function parsePair(text: string | undefined, limit: number): NumberPair | undefined {
  const [, first, second] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text ?? '') ?? []
  if (first === undefined) return undefined
  const rtp = Number(first)
  const rtcp = second === undefined ? rtp + 1 : Number(second)
  return rtp <= limit && rtcp <= limit ? [rtp, rtcp] : undefined
}

function parseWhole(text: string | undefined, limit: number): number | undefined {
  const value = /^\d{1,5}$/.test(text ?? '') ? Number(text) : undefined
  return value !== undefined && value <= limit ? value : undefined
}

/** Eight hex digits by RFC 2326; cameras leave leading zeros out, pad with spaces, or write 0x. */
function parseSsrc(text: string | undefined): number | undefined {
  const digits = /^(?:0x)?([\da-f]{1,8})$/i.exec((text ?? '').trim())?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}
