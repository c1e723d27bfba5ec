/**
 * Splits `text` at `separator`, but not inside double quotes (with backslash escapes). Parts are trimmed, empty ones left out.
 */
export function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map(part => part.trim()).filter(part => part !== '')
}

/** `name=value` as [name in lower case, value without quotes]; the value of a bare name is empty. */
export function splitParameter(part: string): [name: string, value: string] {
  const equals = part.indexOf('=')
  if (equals < 0) return [part.trim().toLowerCase(), '']
  return [part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim())]
}

/** A quoted string's content (RFC 2616 section 2.2); what is not quoted comes back as it is. */
export function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  const end = text.length > 1 && text.endsWith('"') ? text.length - 1 : text.length
  return text.slice(1, end).replace(/\\(.)/g, '$1')
}

/** `text` as a quoted string. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
