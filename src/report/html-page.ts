import { createHash } from 'node:crypto'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** `text` as HTML shows it, in an element or in a quoted attribute; control characters become visible. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => ENTITIES[char]!).replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '\uFFFD')
}

export interface HtmlPage {
  readonly title: string
  /** HTML of the body; whoever makes it has escaped what is in it. */
  readonly body: string
  readonly style: string
  /** A page without one needs none. */
  readonly script?: string
  /** What the script reads from the element `data`, as JSON. */
  readonly data?: unknown
}

/**
 * A page in one file that loads nothing: a content security policy (W3C CSP3) allows its own style and its own script, by its
 * hash, and no connection to anywhere.
 */
export function htmlPage({ title, body, style, data, script }: HtmlPage): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${scriptSource(script)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script type="application/json" id="data">${jsonForHtml(data ?? null)}</script>\n<script>${script}</script>\n`}</body>
</html>
`
}

function scriptSource(script: string | undefined): string {
  if (script === undefined) return "'none'"
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}

/** JSON that cannot end the element it stands in. */
function jsonForHtml(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
