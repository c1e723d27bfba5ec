const VOID = new Set(['meta', 'br', 'hr', 'img', 'input', 'link'])

/** Empty when every element of HTML or SVG is closed in its order and every attribute is quoted; else what is wrong first. */
export function tagsBalance(markup: string): string {
  const open: string[] = []
  const text = markup.replace(/<!doctype html>/i, '').replaceAll(/<style>[\s\S]*?<\/style>/g, '')
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    tag.lastIndex = at
    const match = tag.exec(text)
    if (!match) return `no tag at: ${text.slice(at, at + 60)}`
    const [whole, closing, name = '', , alone] = match
    if (closing) {
      const last = open.pop()
      if (last !== name) return `</${name}> closes <${last}> at: ${text.slice(Math.max(0, at - 40), at + 20)}`
    } else if (!alone && !VOID.has(name)) open.push(name)
    at += whole.length
  }
  return open.length === 0 ? '' : `<${open.at(-1)}> is not closed`
}
