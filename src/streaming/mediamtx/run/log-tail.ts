import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Clock, Timer } from '../../../kernel/clock.ts'
import { rotateLog } from '../../../supervision/index.ts'

/** Milliseconds between two looks for new lines. */
const PERIOD = 500
/** Bytes that are read at once, and of one line; more of it is left out. */
const CHUNK = 65_536
const LONGEST = 4_096
/** Bytes at which the file is rotated, and files that are kept: all of it stands in our own log too. */
const LIMIT = { bytes: 2_000_000, files: 2 }

/** Hands on the lines that another process appends to a file, from where it ends now. Never throws. */
export class LogTail {
  readonly #path: string
  readonly #line: (text: string) => void
  readonly #timer: Timer
  #position: number
  #rest = ''

  constructor(path: string, clock: Clock, line: (text: string) => void) {
    this.#path = path
    this.#line = line
    this.#position = sizeOf(path)
    this.#timer = clock.every(PERIOD, () => this.#look())
    this.#timer.unref()
  }

  /** Reads what is left. */
  end(): void {
    this.#timer.cancel()
    this.#read()
    if (this.#rest !== '') this.#line(this.#rest)
    this.#rest = ''
  }

  #look(): void {
    this.#read()
    try {
      if (rotateLog(this.#path, LIMIT.bytes, LIMIT.files)) this.#position = 0
    } catch {
      // A disk that is full: it is tried again.
    }
  }

  #read(): void {
    const size = sizeOf(this.#path)
    // Somebody emptied it.
    if (size < this.#position) this.#position = 0
    if (size === this.#position) return
    let file: number | undefined
    try {
      file = openSync(this.#path, 'r')
      const buffer = Buffer.alloc(CHUNK)
      for (let count = -1; count !== 0; ) {
        count = readSync(file, buffer, 0, CHUNK, this.#position)
        this.#position += count
        this.#take(buffer.toString('utf8', 0, count))
      }
    } catch {
      // Read with the next look.
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!.slice(0, LONGEST)
    for (const line of lines) this.#line(line.slice(0, LONGEST))
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
