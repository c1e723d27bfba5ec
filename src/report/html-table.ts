import { escapeHtml } from './html-page.ts'

export interface HtmlTable {
  readonly caption?: string
  readonly head: readonly string[]
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly (string | Marked)[])[]
  /** Columns of figures, set to the right. */
  readonly right?: readonly number[]
}

/** A cell that stands out, also for who does not see colours: the best of its row. */
export interface Marked {
  readonly text: string
  readonly best: boolean
}

/** A number stays with its unit; what is in brackets may go to the next line. */
function unbroken(text: string): string {
  return text.replaceAll(/ (?!\()/g, '\u00a0')
}

export function htmlTable({ caption, head, rows, right = [] }: HtmlTable): string {
  const side = (column: number) => (right.includes(column) ? ' class="figure"' : '')
  const cell = (value: string | Marked, column: number) => {
    const plain = escapeHtml(typeof value === 'string' ? value : value.text)
    const text = right.includes(column) ? unbroken(plain) : plain
    if (column === 0) return `<th scope="row">${text}</th>`
    const shown = typeof value !== 'string' && value.best ? `<b>${text}</b>` : text
    return `<td${side(column)}>${shown}</td>`
  }
  return `<div class="wide"><table>${caption === undefined ? '' : `<caption>${escapeHtml(caption)}</caption>`}
<thead><tr>${head.map((text, column) => `<th scope="col"${side(column)}>${escapeHtml(text)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(row => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody></table></div>`
}
