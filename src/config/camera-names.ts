import { plural, quote } from './faults.ts'
import { idKey, idProblem } from './ids.ts'
import { MOST_CAMERAS, parseRange, rangeId } from './range.ts'
import type { Findings } from './sections.ts'
import type { Path, PlainMap } from './yaml-source.ts'

export interface CameraName {
  readonly id: string
  /** The number in its range; undefined for a camera of its own. */
  readonly number: number | undefined
}

interface Claim {
  readonly id: string
  readonly path: Path
}

/** Gives each camera its id and sees that no two have the same one. */
export class CameraNames {
  /** The limit of cameras is reached; the rest of the list is not looked at. */
  full = false
  readonly #findings: Findings
  readonly #claims = new Map<string, Claim>()

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** The ids of one entry of the list. Where they have a fault it is told, and a nameless camera stands in for them. */
  claim(entry: PlainMap, path: Path): CameraName[] {
    const names = this.#namesOf(entry, path)
    if (names === undefined)
      return [{ id: 'the camera', number: this.#findings.source.has([...path, 'range']) ? 1 : undefined }]
    if (this.#claims.size + names.length > MOST_CAMERAS) {
      this.full = true
      this.#findings.fault(
        path,
        `more than ${MOST_CAMERAS} cameras with this entry`,
        'divide the site into several configurations',
      )
    } else this.#claimAll(names, path)
    return names
  }

  #namesOf(entry: PlainMap, path: Path): CameraName[] | undefined {
    const { id, range } = entry
    const written = (key: string) => this.#findings.source.has([...path, key])
    if (written('id') && written('range')) {
      this.#findings.fault([...path, 'range'], 'a camera has either an id or a range', undefined, { part: 'key' })
      return undefined
    }
    if (typeof id === 'string') return this.#single(id, [...path, 'id'])
    if (typeof range === 'string') return this.#range(range, [...path, 'range'])
    if (written('id') && id === undefined)
      this.#findings.fault([...path, 'id'], 'id has no value', 'if it is the text null or ~, write it in quotes')
    else if (written('range') && range === undefined) this.#findings.fault([...path, 'range'], 'range has no value')
    else if (!written('id') && !written('range'))
      this.#findings.fault(path, 'a camera needs an id, or a range', 'id: gate-1, or range: "hall-{001..040}"', {
        needsWholeFile: true,
      })
    return undefined
  }

  #single(id: string, path: Path): CameraName[] | undefined {
    const problem = idProblem(id)
    if (problem === undefined) return [{ id, number: undefined }]
    const isRange = 'prefix' in parseRange(id)
    this.#findings.fault(
      path,
      `id ${id === '' ? '' : `${quote(id)} `}${problem}`,
      isRange ? `many cameras are written range: ${quote(id)}` : undefined,
    )
    return undefined
  }

  #range(text: string, path: Path): CameraName[] | undefined {
    const range = parseRange(text)
    if ('problem' in range) {
      this.#findings.fault(path, `range ${quote(text)} ${range.problem}`, 'write it like "hall-{001..040}"')
      return undefined
    }
    // Faults of length and characters show at the ends; the numbers between are no different.
    const problem = idProblem(rangeId(range, range.first)) ?? idProblem(rangeId(range, range.last))
    if (problem !== undefined) {
      this.#findings.fault(path, `an id of the range ${quote(text)} ${problem}`)
      return undefined
    }
    return Array.from({ length: range.last - range.first + 1 }, (_, index) => {
      const number = range.first + index
      return { id: rangeId(range, number), number }
    })
  }

  /** One fault for each other entry that has some of the same ids. */
  #claimAll(names: readonly CameraName[], path: Path): void {
    const taken = new Map<Path, { other: string; id: string; count: number }>()
    for (const { id } of names) {
      const claim = this.#claims.get(idKey(id))
      if (claim === undefined) this.#claims.set(idKey(id), { id, path })
      else {
        const before = taken.get(claim.path)
        taken.set(claim.path, {
          other: before?.other ?? claim.id,
          id: before?.id ?? id,
          count: (before?.count ?? 0) + 1,
        })
      }
    }
    const key = names[0]?.number === undefined ? 'id' : 'range'
    for (const [otherPath, { other, id, count }] of taken) {
      const { file, line, column } = this.#findings.source.place(otherPath)
      const where = `${file}:${line}:${column}`
      const message =
        count > 1
          ? `${plural(count, 'camera')} of this range, ${id} the first, are also those of ${where}`
          : other === id
            ? `camera ${id} is also at ${where}`
            : `camera ${id} differs from ${other} at ${where} only in upper and lower case`
      this.#findings.fault([...path, key], message, 'each id is there once; files and URLs do not tell case apart')
    }
  }
}
