import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type FileFacts, nodeRecorderFs, type RecorderFs } from '../../../src/media/recorder/index.ts'

/** What a power cut leaves of what was written and not synced. */
export type CutMode =
  /** Nothing of it. */
  | 'nothing'
  /** What was written first, up to any byte. */
  | 'prefix'
  /** Any of its pages; the others are as they were, or zeros. */
  | 'pages'

type Change = { readonly position: number; readonly bytes: Buffer } | { readonly length: number }

interface FileState {
  /** What fdatasync has made last. */
  durable: Buffer
  /** What was done since. */
  changes: Change[]
  /** Its entry in the directory lasts. */
  linked: boolean
}

const PAGE = 4_096

/**
 * The real file system, that knows what of it would outlive a power cut: contents that were synced, and entries of directories
 * that were. {@link cut} gives what is there afterwards.
 */
export class PowerCutFs implements RecorderFs {
  /** Called before each operation, with how many there were. */
  before: (operations: number) => void = () => {}
  #operations = 0
  readonly #root: string
  readonly #files = new Map<string, FileState>()
  readonly #directories = new Map<string, { linked: boolean }>()
  /** Removed, and may come back: the directory was not synced since. */
  readonly #removed = new Map<string, FileState>()
  readonly #paths = new Map<number, string>()

  constructor(root: string) {
    this.#root = root
  }

  /** Files after a cut of the power now, by path relative to the root. `random` gives numbers in [0, 1). */
  cut(mode: CutMode, random: () => number): Map<string, Buffer> {
    const left = new Map<string, Buffer>()
    const kept = (linked: boolean) => linked || (mode !== 'nothing' && random() < 0.5)
    const directories = new Set([this.#root])
    for (const [path, { linked }] of [...this.#directories].sort(([a], [b]) => a.length - b.length)) {
      if (directories.has(dirname(path)) && kept(linked)) directories.add(path)
    }
    const files = [
      ...this.#files,
      ...[...this.#removed].map(([path, state]) => [path, { ...state, linked: false }] as const),
    ]
    for (const [path, state] of files) {
      if (directories.has(dirname(path)) && kept(state.linked)) {
        left.set(relative(this.#root, path), remains(state, mode, random))
      }
    }
    return left
  }

  async open(path: string, how: 'create' | 'existing'): Promise<number> {
    this.#count()
    const fd = await nodeRecorderFs.open(path, how)
    this.#paths.set(fd, path)
    if (how === 'create') this.#files.set(path, { durable: Buffer.alloc(0), changes: [], linked: false })
    return fd
  }

  async writev(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number> {
    this.#count()
    const written = await nodeRecorderFs.writev(fd, buffers, position)
    const bytes = Buffer.concat(buffers).subarray(0, written)
    this.#of(fd)?.changes.push({ position, bytes })
    return written
  }

  async truncate(fd: number, length: number): Promise<void> {
    this.#count()
    await nodeRecorderFs.truncate(fd, length)
    this.#of(fd)?.changes.push({ length })
  }

  async sync(fd: number): Promise<void> {
    this.#count()
    const state = this.#of(fd)
    if (state) Object.assign(state, { durable: after(state.durable, state.changes), changes: [] })
  }

  async close(fd: number): Promise<void> {
    this.#count()
    await nodeRecorderFs.close(fd)
  }

  facts(target: number | string): Promise<FileFacts> {
    return nodeRecorderFs.facts(target)
  }

  async makeDirectory(path: string): Promise<string | undefined> {
    this.#count()
    const made = await nodeRecorderFs.makeDirectory(path)
    for (let at = path; made !== undefined && at !== dirname(made); at = dirname(at)) {
      this.#directories.set(at, { linked: false })
    }
    return made
  }

  async syncDirectory(path: string): Promise<void> {
    this.#count()
    for (const [entry, state] of [...this.#directories, ...this.#files])
      if (dirname(entry) === path) state.linked = true
    for (const entry of this.#removed.keys()) if (dirname(entry) === path) this.#removed.delete(entry)
  }

  list(path: string): Promise<string[]> {
    return nodeRecorderFs.list(path)
  }

  readAt(path: string, into: Uint8Array, position: number): Promise<number> {
    return nodeRecorderFs.readAt(path, into, position)
  }

  read(path: string): Promise<string> {
    return nodeRecorderFs.read(path)
  }

  async remove(path: string): Promise<void> {
    this.#count()
    await nodeRecorderFs.remove(path)
    const state = this.#files.get(path)
    this.#files.delete(path)
    if (state?.linked) this.#removed.set(path, state)
  }

  #of(fd: number): FileState | undefined {
    return this.#files.get(this.#paths.get(fd)!)
  }

  #count(): void {
    this.before(this.#operations++)
  }
}

/** Writes what a cut has left to a directory. */
export function restore(directory: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, bytes] of files) {
    mkdirSync(join(directory, dirname(path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
}

function remains({ durable, changes }: FileState, mode: CutMode, random: () => number): Buffer {
  if (mode === 'nothing' || changes.length === 0) return durable
  if (mode === 'prefix') {
    const whole = Math.floor(random() * (changes.length + 1))
    const torn = changes[whole]
    const first = changes.slice(0, whole)
    if (!torn || !('bytes' in torn)) return after(durable, first)
    const bytes = torn.bytes.subarray(0, Math.floor(random() * (torn.bytes.length + 1)))
    return after(durable, [...first, { position: torn.position, bytes }])
  }
  const now = after(durable, changes)
  const pages = Math.ceil(now.length / PAGE)
  const image = Buffer.alloc(now.length)
  durable.copy(image, 0, 0, now.length)
  let size = Math.min(durable.length, now.length)
  for (let page = 0; page < pages; page++) {
    if (random() < 0.5) continue
    const end = Math.min(now.length, (page + 1) * PAGE)
    now.copy(image, page * PAGE, page * PAGE, end)
    size = Math.max(size, end)
  }
  return image.subarray(0, size)
}

function after(durable: Buffer, changes: readonly Change[]): Buffer {
  let image = durable
  for (const change of changes) {
    if ('length' in change) {
      image = Buffer.concat([image, Buffer.alloc(Math.max(0, change.length - image.length))]).subarray(0, change.length)
      continue
    }
    const end = change.position + change.bytes.length
    const grown = Buffer.alloc(Math.max(image.length, end))
    image.copy(grown)
    change.bytes.copy(grown, change.position)
    image = grown
  }
  return image
}
