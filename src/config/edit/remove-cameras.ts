import type { Node, YAMLSeq } from 'yaml'
import { idKey } from '../ids.ts'
import { formatRange, type IdRange, parseRange, rangeId } from '../range.ts'
import type { Plain, PlainMap } from '../yaml-source.ts'
import {
  cameraList,
  dashes,
  type EditableFile,
  editable,
  lineStart,
  nextLine,
  rangeScalar,
  span,
} from './camera-list.ts'

/** What becomes of one entry: it stays, goes, or is a range that is split into others. */
type Fate = 'keep' | 'remove' | { readonly ranges: readonly string[] }

interface Change {
  readonly start: number
  readonly end: number
  readonly by: string
}

/**
 * `text` without the cameras `ids` (keys of {@link idKey}); `cameras` are the list's values, in the order of its nodes.
 * A camera out of a range leaves the ranges before and behind it. Undefined when the layout does not let that be done
 * without touching anything else.
 */
export function removeCamerasText(
  text: string,
  cameras: readonly Plain[],
  ids: ReadonlySet<string>,
): string | undefined {
  const file = editable(text)
  const list = cameraList(file)
  if (list === undefined || list.items.length !== cameras.length) return undefined
  const fates = cameras.map(camera => fateOf(camera as PlainMap, ids))
  const changes = dashes(list) ? changeLines(file, list, fates) : changeInBrackets(file, list, fates)
  return changes
    ?.reverse()
    .reduce((result, { start, end, by }) => result.slice(0, start) + by + result.slice(end), text)
}

function fateOf(camera: PlainMap, ids: ReadonlySet<string>): Fate {
  if (typeof camera.id === 'string') return ids.has(idKey(camera.id)) ? 'remove' : 'keep'
  const range = parseRange(String(camera.range))
  if ('problem' in range) return 'keep'
  const ranges = runsWithout(range, ids)
  if (ranges.length === 0) return 'remove'
  const [only] = ranges
  const whole = ranges.length === 1 && only?.first === range.first && only.last === range.last
  return whole ? 'keep' : { ranges: ranges.map(({ first, last }) => formatRange(range, first, last)) }
}

/** The stretches of a range that are left without `ids`. */
function runsWithout(range: IdRange, ids: ReadonlySet<string>): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = []
  for (let number = range.first; number <= range.last; number++) {
    if (ids.has(idKey(rangeId(range, number)))) continue
    const run = runs.at(-1)
    if (run?.last === number - 1) run.last = number
    else runs.push({ first: number, last: number })
  }
  return runs
}

/** Changes of a list with an entry on each line or several: whole lines come and go, comments above them stay. */
function changeLines({ text, eol }: EditableFile, list: YAMLSeq, fates: readonly Fate[]): Change[] | undefined {
  const marks = dashes(list)!
  const changes: Change[] = []
  for (const [index, fate] of fates.entries()) {
    if (fate === 'keep') continue
    const item = list.items[index] as Node
    const start = lineStart(text, marks[index]!)
    const end = nextLine(text, Math.max(marks[index]! + 1, span(item).end))
    if (text.slice(start, marks[index]).trim() !== '') return undefined
    if (fate === 'remove') {
      changes.push({ start, end, by: '' })
      continue
    }
    const copies = copiesOf(text, item, start, fate.ranges)
    if (copies === undefined) return undefined
    // The comment behind the entry stays with the first of its parts.
    const tail = text.slice(span(item).end, end)
    const [first, ...others] = copies
    const rest = others.map(copy => `${copy}${copy.endsWith('\n') ? '' : eol}`).join('')
    changes.push({
      start,
      end,
      by: `${first}${tail}${rest !== '' && !`${first}${tail}`.endsWith('\n') ? eol : ''}${rest}`,
    })
  }
  return changes
}

function changeInBrackets({ text }: EditableFile, list: YAMLSeq, fates: readonly Fate[]): Change[] | undefined {
  const spans = list.items.map(item => span(item as Node))
  const changes: Change[] = []
  const lastKept = fates.findLastIndex(fate => fate !== 'remove')
  for (const [index, fate] of fates.entries()) {
    const { start, end } = spans[index]!
    if (fate === 'keep' || index > lastKept) continue
    if (fate === 'remove') {
      changes.push({ start, end: spans[index + 1]!.start, by: '' })
      continue
    }
    const copies = copiesOf(text, list.items[index] as Node, start, fate.ranges)
    if (copies === undefined) return undefined
    changes.push({ start, end, by: copies.join(', ') })
  }
  if (lastKept < fates.length - 1) {
    const start = lastKept < 0 ? spans[0]!.start : spans[lastKept]!.end
    changes.push({ start, end: spans.at(-1)!.end, by: '' })
  }
  return changes
}

/** The text from `start` to the end of an entry once for each range, with that range in it. */
function copiesOf(text: string, item: Node, start: number, ranges: readonly string[]): string[] | undefined {
  const scalar = rangeScalar(item)
  if (scalar === undefined) return undefined
  const place = span(scalar)
  return ranges.map(
    range => `${text.slice(start, place.start)}${JSON.stringify(range)}${text.slice(place.end, span(item).end)}`,
  )
}
