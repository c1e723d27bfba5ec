import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { type JournalHead, journalHead, previousJournal, readHead } from './journal-format.ts'
import type { JournalEntry, JournalSink } from './types.ts'

/** Bytes at which a journal is put aside and a new one begun. Only one is kept aside. */
const JOURNAL_LIMIT = 64 * 1024 * 1024
/** Bytes from which a journal that was read to its end is begun anew. */
const WORTH_ROTATING = 1024 * 1024
/** Entries that wait for the disk of the state directory; older ones are dropped, for the archive itself tells them too. */
const MAX_PENDING = 20_000
/** Milliseconds until a failed write is tried again. */
const RETRY = 1_000

export interface JournalOptions {
  readonly path: string
  readonly clock: Clock
  readonly log: Logger
  /** Bytes; for tests. */
  readonly limit?: number
}

/**
 * The worker's journal: JSON lines in one file, appended in order by one writer. Positions count over all files since the
 * first one, so that a reader that was away finds its place after a rotation; see `readJournal`.
 */
export class Journal implements JournalSink {
  readonly #options: JournalOptions
  #pending: string[] = []
  #dropped = 0
  #file: FileHandle | undefined
  #base = 0
  #size = 0
  #torn = false
  #work: Promise<void> | undefined
  #closed = false
  #acknowledged = 0

  constructor(options: JournalOptions) {
    this.#options = options
  }

  append(entry: JournalEntry): void {
    if (this.#closed) return
    this.#pending.push(`${JSON.stringify(entry)}\n`)
    if (this.#pending.length > MAX_PENDING) {
      this.#pending.shift()
      this.#dropped++
    }
    this.#start()
  }

  /** The daemon has what is before `position`: a journal that was read to the end may be begun anew. */
  acknowledge(position: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, position)
    this.#start()
  }

  /** Resolves when what was appended so far is written, or could not be. */
  async flush(): Promise<void> {
    while (this.#work) await this.#work
  }

  /** Writes what is pending, once, and closes the file. */
  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
    await this.#file?.close()
    this.#file = undefined
  }

  #start(): void {
    this.#work ??= this.#write().then(written => {
      this.#work = undefined
      // What came while the last of it was being done.
      if (written && this.#pending.length > 0) this.#start()
    })
  }

  /** False when it failed, and is to be tried again later. */
  async #write(): Promise<boolean> {
    // Let the other entries of this turn come along.
    await Promise.resolve()
    try {
      this.#file ??= await this.#open()
      const file = this.#file
      while (this.#pending.length > 0) {
        const lines = this.#pending
        const bytes = Buffer.from((this.#torn ? '\n' : '') + lines.join(''))
        this.#pending = []
        try {
          await writeAll(file, bytes, this.#size)
        } catch (error) {
          this.#pending = [...lines, ...this.#pending]
          throw error
        }
        this.#size += bytes.length
        this.#torn = false
        if (this.#dropped > 0) {
          this.#options.log.warn({ entries: this.#dropped }, 'journal entries were dropped')
          this.#dropped = 0
        }
      }
      await this.#rotate()
      return true
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'journal not written')
      if (!this.#closed) this.#options.clock.after(RETRY, () => this.#closed || this.#start()).unref()
      return false
    }
  }

  async #open(): Promise<FileHandle> {
    const { path } = this.#options
    const file = await open(path, 'a+', 0o640).then(async handle => {
      // 'a' makes the file; writing at positions needs it without.
      await handle.close()
      return open(path, 'r+')
    })
    const { size } = await file.stat()
    const head = await readHead(file)
    if (head) {
      const last = Buffer.alloc(1)
      await file.read(last, 0, 1, size - 1)
      this.#base = head.base
      this.#size = size
      // A crash cut the last line: end it, so that the next one stands alone.
      this.#torn = last[0] !== 0x0a
      return file
    }
    // New, or damaged in its first line: what a reader of another journal knows of positions does not fit it.
    if (size > 0) {
      await file.close()
      await rename(path, `${path}.damaged`)
      return this.#open()
    }
    const aside = await previousJournal(path)
    await this.#begin(file, aside ? aside.base + aside.size : 0)
    return file
  }

  async #begin(file: FileHandle, base: number): Promise<void> {
    const head: JournalHead = { base }
    const bytes = Buffer.from(journalHead(head))
    await writeAll(file, bytes, 0)
    this.#base = base
    this.#size = bytes.length
  }

  async #rotate(): Promise<void> {
    const { path, limit = JOURNAL_LIMIT } = this.#options
    const end = this.#base + this.#size
    const read = this.#acknowledged >= end && this.#size >= Math.min(WORTH_ROTATING, limit)
    if (!read && this.#size < limit) return
    await this.#file?.close()
    this.#file = undefined
    await rename(path, `${path}.1`)
    const file = await open(path, 'wx+', 0o640)
    this.#file = file
    await this.#begin(file, end)
    if (read) await rm(`${path}.1`, { force: true })
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
