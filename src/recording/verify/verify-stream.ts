import { hasSegmentName, listFolder, type StreamFolders } from '../folders.ts'
import type { CoveragePiece, Interval, Segment } from '../types.ts'
import { atOnce } from './at-once.ts'
import { checkFile } from './check-file.ts'
import { between, fileFindings, type Neighbour, rowFindings, unexplained } from './compare.ts'
import type { Findings } from './findings.ts'
import { IndexRows } from './index-rows.ts'
import type { CheckedFile, Finding, VerifySources } from './types.ts'

/** Files that are read at once: the disk has always something to do. */
const AT_ONCE = 4
/** Milliseconds without a change after which an open file is not being written, and a closed one is in the index. */
const SETTLED = 60_000

export interface StreamCheck {
  readonly sources: VerifySources
  readonly camera: string
  readonly deep: boolean
  /** Files that end before are left out; wall-clock milliseconds, 0 for none. */
  readonly since: number
  readonly now: () => number
  /** Whether somebody has the file open for writing; by path relative to the storage path. */
  readonly beingWritten: (path: string) => boolean
  readonly signal: AbortSignal | undefined
  /** A file was read. */
  readonly read: (bytes: number) => void
  /** A folder is done. */
  readonly folderDone: () => void
}

/** Holds the files of one stream of a camera against its rows and against each other, folder by folder. */
export class StreamVerifier {
  readonly #check: StreamCheck
  readonly #folders: StreamFolders
  readonly #found: Findings
  readonly #rows: IndexRows
  #last: Neighbour | undefined

  constructor(check: StreamCheck, folders: StreamFolders, found: Findings) {
    this.#check = check
    this.#folders = folders
    this.#found = found
    this.#rows = new IndexRows(check.sources, check.camera, folders.stream, folders.folders, check.since)
  }

  async run(): Promise<void> {
    await this.#missing(-1)
    for (const index of this.#folders.folders.keys()) {
      await this.#folder(index)
      this.#check.folderDone()
    }
  }

  async #folder(index: number): Promise<void> {
    const { sources, deep, since, signal } = this.#check
    const { paths, foreign } = await listFolder(sources.storage, this.#folders.folders[index]!)
    this.#found.addForeign(foreign)
    const { here } = this.#rows.of(index)
    const wanted = since === 0 ? paths : paths.filter(path => (here.get(path)?.end ?? since) >= since)
    const files = await atOnce(wanted, AT_ONCE, async path => {
      signal?.throwIfAborted()
      const file = await checkFile(sources.storage, path, deep, signal)
      this.#check.read(deep ? file.bytes : 0)
      return file
    })
    const recent = since === 0 ? files : files.filter(file => file.mark === undefined || endsAfter(file, since))
    const unread = this.#judge(recent, here)
    const listed = new Set(paths)
    const gone = await this.#missing(
      index,
      [...here.values()].filter(row => !listed.has(row.path)),
    )
    this.#unknown(recent, index, here)
    await this.#continuity(recent, [...unread, ...gone])
  }

  /** Each file by itself, and against its row. Gives the times of those that cannot be read. */
  #judge(files: readonly CheckedFile[], rows: ReadonlyMap<string, Segment>): Interval[] {
    const found = this.#found
    const unread: Interval[] = []
    for (const file of files) {
      const row = rows.get(file.path)
      const state = this.#stateOf(file, row)
      if (state === 'gone') continue
      if (state === 'foreign') {
        found.addForeign([file.path])
        continue
      }
      found.files++
      found.bytes += file.bytes
      if (state === 'writing') {
        found.open.push(file.path)
        continue
      }
      if (file.found !== null) found.hashed += file.bytes
      if (file.state === 'closed' && file.sha256 === null) found.withoutHash++
      if (state === 'torn') {
        found.add([{ kind: 'torn', path: file.path, at: file.mark?.wallStart ?? null, detail: file.detail }])
      } else found.add(fileFindings({ ...file, state }, this.#check.camera, this.#folders.stream))
      if (row && (state === 'closed' || state === 'unmarked')) found.add(rowFindings(row, file))
      if (row && state !== 'closed') unread.push(row)
    }
    return unread
  }

  #stateOf(file: CheckedFile, row: Segment | undefined): CheckedFile['state'] | 'writing' | 'torn' {
    const { state, path } = file
    if (state === 'open' || state === 'empty') {
      if (this.#fresh(file) || this.#check.beingWritten(path)) return 'writing'
      return state === 'open' ? 'torn' : state
    }
    if (row) return state === 'foreign' ? 'damaged' : state
    if (state === 'unmarked') return 'foreign'
    return state === 'foreign' && hasSegmentName(path) ? 'damaged' : state
  }

  #fresh({ modified }: CheckedFile): boolean {
    return this.#check.now() - modified < SETTLED
  }

  /** Rows without a file; those that went while this ran are none. Gives their times. */
  async #missing(index: number, here: readonly Segment[] = []): Promise<Interval[]> {
    const candidates = [...here, ...this.#rows.of(index).nowhere]
    if (candidates.length === 0) return []
    const { storage } = this.#check.sources
    const states = await atOnce(candidates, AT_ONCE, ({ path }) => checkFile(storage, path, false, this.#check.signal))
    const again = this.#rows.of(index)
    const still = new Set([...again.here.keys(), ...again.nowhere.map(({ path }) => path)])
    const gone = candidates.filter((row, place) => states[place]!.state === 'gone' && still.has(row.path))
    this.#found.add(gone.map(row => ({ kind: 'no-file', path: row.path, at: row.start, detail: 'not there' })))
    return gone
  }

  /** Closed files of ours without a row; those that got one while this ran are none. */
  #unknown(files: readonly CheckedFile[], index: number, rows: ReadonlyMap<string, Segment>): void {
    const lacking = files.filter(file => file.state === 'closed' && !rows.has(file.path) && !this.#fresh(file))
    if (lacking.length === 0) return
    const { here } = this.#rows.of(index)
    const findings = lacking
      .filter(({ path }) => !here.has(path))
      .map(({ path, mark }): Finding => ({ kind: 'no-row', path, at: mark!.wallStart, detail: 'not in the index' }))
    this.#found.add(findings)
  }

  /** Neighbours in time, from the last file of the folder before on. `known`: times whose lack was told already. */
  async #continuity(files: readonly CheckedFile[], known: readonly Interval[]): Promise<void> {
    const { camera, sources, signal } = this.#check
    const { stream } = this.#folders
    const told = known.map(({ start, end }): CoveragePiece => ({ start, end, state: 'other', detail: 'told' }))
    const chain = files.flatMap(({ path, mark, duration, state }): Neighbour[] =>
      mark?.camera === camera && mark.stream === stream && (state === 'closed' || state === 'open')
        ? [{ path, mark, duration }]
        : [],
    )
    chain.sort(inTime)
    for (const next of chain) {
      signal?.throwIfAborted()
      const last = this.#last
      this.#last = next
      if (!last) continue
      const { findings, hole } = between(last, next)
      this.#found.add(findings)
      if (!hole || unexplained(hole, told) === 0) continue
      const account = stream === 'main' ? await sources.account(camera, hole) : []
      if (stream !== 'main' && !hole.sameSession) continue
      const missing = unexplained(hole, [...told, ...account])
      if (missing === 0) continue
      const detail = `${Math.round(missing / 1_000)} s missing behind ${last.path}, and nothing says why`
      this.#found.add([{ kind: 'hole', path: next.path, at: hole.start, detail }])
    }
  }
}

/** Of two copies the one with the shorter name is the first. */
function inTime(a: Neighbour, b: Neighbour): number {
  return a.mark.wallStart - b.mark.wallStart || a.mark.number - b.mark.number || a.path.length - b.path.length
}

function endsAfter({ mark, duration }: CheckedFile, since: number): boolean {
  return mark!.wallStart + (duration * 1_000) / mark!.timescale >= since
}
