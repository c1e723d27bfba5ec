import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

/** The file being edited: its text, and the nodes with their places in it. */
export interface EditableFile {
  readonly text: string
  readonly document: Document.Parsed
  /** Line end of the file. */
  readonly eol: string
}

export function editable(text: string): EditableFile {
  const document = parseDocument(text, {
    schema: 'failsafe',
    keepSourceTokens: true,
    uniqueKeys: false,
    stringKeys: true,
    logLevel: 'silent',
    prettyErrors: false,
  })
  return { text, document, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}

/** The list of cameras, when it is a list that stands in the file itself. */
export function cameraList(file: EditableFile): YAMLSeq | undefined {
  const value = camerasPair(file)?.value
  return isSeq(value) ? value : undefined
}

export function camerasPair(file: EditableFile): Pair<Node, Node | null> | undefined {
  const root = file.document.contents
  if (!isMap(root)) return undefined
  const pair = (root as YAMLMap).items.find(({ key }) => isScalar(key) && key.value === 'cameras')
  return pair as Pair<Node, Node | null> | undefined
}

/** First and last offset of a node's own text, without the comment behind it. */
export function span(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [0, 0]
  return { start, end }
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Offset behind the line break that ends the line of `offset`, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  // A block scalar ends with its line break, and so at the start of the next line already.
  if (offset > 0 && text[offset - 1] === '\n') return offset
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

/** Where the `-` of each item of a block list stands; undefined for a list in brackets. */
export function dashes(list: YAMLSeq): number[] | undefined {
  const token = list.srcToken
  if (token?.type !== 'block-seq') return undefined
  const offsets = token.items.map(item => item.start.find(({ type }) => type === 'seq-item-ind')?.offset ?? -1)
  return offsets.filter(offset => offset >= 0)
}

/** The text of `range` in a camera's entry, when it is written there and not brought in by an alias. */
export function rangeScalar(item: unknown): Node | undefined {
  if (!isMap(item)) return undefined
  const value = item.items.find(({ key }) => isScalar(key) && key.value === 'range')?.value
  return isScalar(value) && !isAlias(value) ? (value as Node) : undefined
}
