/** `name:value` of an a= line: name in lower case, spaces around both cut off. */
export function splitAttribute(text: string): [name: string, value: string] {
  const colon = text.indexOf(':')
  if (colon < 0) return [text.trim().toLowerCase(), '']
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
}

/** `96 rest` of rtpmap and fmtp: undefined when there is no payload type of 0 to 127 in front. */
export function splitPayloadType(text: string): [payloadType: number, rest: string] | undefined {
  const [, digits, rest = ''] = /^(\d{1,3})(?:\s(.*))?$/s.exec(text) ?? []
  const payloadType = Number(digits)
  return digits !== undefined && payloadType <= 127 ? [payloadType, rest.trim()] : undefined
}

/** What a=rtpmap says of a payload type. */
export interface RtpMap {
  /** In upper case. */
  readonly encodingName: string
  /** 0 where it is missing or no number. */
  readonly clockRate: number
  /** 0 where it is missing. */
  readonly channels: number
}

/** `H264/90000`, `MPEG4-GENERIC/16000/2`. */
export function parseRtpMap(text: string): RtpMap {
  const [name = '', clock = '', channels = ''] = text.split('/', 3)
  const whole = (digits: string) => (/^\s*\d{1,9}\s*$/.test(digits) ? Number(digits) : 0)
  return {
    encodingName: printable(name).toUpperCase(),
    clockRate: whole(clock),
    channels: Math.min(whole(channels), 255),
  }
}

/**
 * Parameters of a=fmtp, names in lower case. Separated by semicolons; cameras also separate with spaces alone, and break a
 * list of parameter sets after its comma.
 */
export function parseFmtp(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let last = ''
  for (const part of text.split(';'))
    for (const word of part.split(/\s/)) {
      if (word === '') continue
      const equals = word.indexOf('=')
      const name = word.slice(0, Math.max(0, equals)).toLowerCase()
      const value = word.slice(equals + 1)
      const before = found.get(last)
      // `aO48gA==` behind a comma is the end of a value and no parameter.
      const parameter = /^[a-z][a-z0-9_-]*$/.test(name) && !/^=*$/.test(value) && !before?.endsWith(',')
      if (parameter || (equals > 0 && equals === word.length - 1 && before === undefined)) {
        if (!found.has(name)) found.set(name, value)
        last = name
      } else if (before !== undefined && equals !== 0) found.set(last, joined(before, word))
      else if (equals < 0) found.set(word.toLowerCase(), '')
    }
  return found
}

function joined(before: string, word: string): string {
  return before.endsWith(',') || word.startsWith(',') || before === '' ? before + word : `${before} ${word}`
}

/** `text` as it may be shown to a person: printable ASCII without spaces, 64 characters at most. */
export function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, 64)
}
