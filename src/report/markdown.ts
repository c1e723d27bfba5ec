/** A table of GitHub's Markdown. Cells are texts, whatever is in them; the columns named in `right` are set to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  const rule = `| ${head.map((_, column) => (right.includes(column) ? '---:' : '---')).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Text that Markdown shows as it is, on one line. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\|*_[\]<>#]/g, '\\$&').replaceAll(/\s*[\r\n]+\s*/g, ' ')
}
