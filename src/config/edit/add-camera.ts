import { isMap, isScalar, type Node, parseDocument, type YAMLSeq } from 'yaml'
import {
  cameraList,
  camerasPair,
  dashes,
  type EditableFile,
  editable,
  lineStart,
  nextLine,
  span,
} from './camera-list.ts'

/** `text` with `entry` (a camera in braces) behind the last camera. Every other character stays as it is. */
export function addCameraText(text: string, entry: string): string {
  const file = editable(text)
  const list = cameraList(file)
  if (list === undefined) return startList(file, entry)
  if (list.items.length === 0) return replace(text, span(list).start, span(list).end, `[${entry}]`)
  return dashes(list) ? appendLine(file, list, entry) : appendInBrackets(file, list, entry)
}

/** The same by way of the document: comments and order stay, spacing and line breaks may not. For layouts unforeseen. */
export function addCameraNode(text: string, entry: string): string {
  const { document } = editable(text)
  const node = parseDocument(entry, { schema: 'failsafe' }).contents
  if (document.hasIn(['cameras', 0])) document.addIn(['cameras'], node)
  else document.set('cameras', document.createNode([node]))
  return document.toString({ lineWidth: 0 })
}

function startList(file: EditableFile, entry: string): string {
  const { text, eol } = file
  const pair = camerasPair(file)
  if (pair === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol
    return `${text}${gap}cameras:${eol}  - ${entry}${eol}`
  }
  // `cameras:` with nothing behind it, or with `~`.
  const value = pair.value
  const cleared =
    isScalar(value) && span(value as Node).end > span(value as Node).start
      ? replace(text, span(value as Node).start, span(value as Node).end, '')
      : text
  const at = nextLine(cleared, span(pair.key).end)
  const gap = cleared[at - 1] === '\n' ? '' : eol
  return replace(cleared, at, at, `${gap}  - ${entry}${eol}`)
}

function appendLine({ text, eol }: EditableFile, list: YAMLSeq, entry: string): string {
  const dash = dashes(list)!.at(-1)!
  const indent = text.slice(lineStart(text, dash), dash)
  const at = nextLine(text, Math.max(dash + 1, span(list.items.at(-1) as Node).end))
  const gap = text[at - 1] === '\n' ? '' : eol
  return replace(text, at, at, `${gap}${indent}- ${entry}${eol}`)
}

function appendInBrackets({ text, eol }: EditableFile, list: YAMLSeq, entry: string): string {
  const last = list.items.at(-1) as Node
  const { start, end } = span(last)
  const indent = text.slice(lineStart(text, start), start)
  const ownLine = indent.trim() === '' && isMap(last)
  return replace(text, end, end, ownLine ? `,${eol}${indent}${entry}` : `, ${entry}`)
}

function replace(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end)
}
