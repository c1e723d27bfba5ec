const WIDTH = 140

/** Lines of at most 140 columns; those after the first begin with `indent`. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  const lead = /^ */.exec(text)![0]
  let line = lead
  let empty = true
  for (const word of text.trim().split(/\s+/)) {
    if (!empty && line.length + word.length + 1 > WIDTH) {
      lines.push(line)
      line = indent
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line]
}
