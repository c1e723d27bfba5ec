import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StreamRole } from '../../media/frame.ts'

/** The numbers that stand for names in the index. Read once, kept: a name never changes its number. */
export class Dictionary {
  readonly #words = new Map<string, number>()
  readonly #texts = new Map<number, string>()
  readonly #streams = new Map<string, number>()
  readonly #findWord: StatementSync
  readonly #findText: StatementSync
  readonly #addWord: StatementSync
  readonly #findStream: StatementSync
  readonly #addStream: StatementSync

  constructor(database: DatabaseSync) {
    this.#findWord = database.prepare('SELECT id FROM word WHERE text = ?')
    this.#findText = database.prepare('SELECT text FROM word WHERE id = ?')
    this.#addWord = database.prepare('INSERT INTO word (text) VALUES (?) RETURNING id')
    this.#findStream = database.prepare('SELECT id FROM stream WHERE camera = ? AND role = ?')
    this.#addStream = database.prepare('INSERT INTO stream (camera, role) VALUES (?, ?) RETURNING id')
  }

  /** The number of a text; made where it has none. */
  word(text: string): number {
    const known = this.#words.get(text)
    if (known !== undefined) return known
    const { id } = (this.#findWord.get(text) ?? this.#addWord.get(text)) as { id: number }
    this.#words.set(text, id)
    return id
  }

  text(word: number): string {
    const known = this.#texts.get(word)
    if (known !== undefined) return known
    const row = this.#findText.get(word) as { text: string } | undefined
    if (row) this.#texts.set(word, row.text)
    return row?.text ?? ''
  }

  /** The number of a camera's stream; undefined where the index has none. */
  stream(camera: string, role: StreamRole): number | undefined {
    const name = `${role}/${camera}`
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const row = this.#findStream.get(camera, role) as { id: number } | undefined
    if (row) this.#streams.set(name, row.id)
    return row?.id
  }

  /** The number of a camera's stream; made where it has none. */
  makeStream(camera: string, role: StreamRole): number {
    return this.stream(camera, role) ?? (this.#addStream.get(camera, role) as { id: number }).id
  }

  /** Forgets what it read: the transaction that made some of it has been rolled back. */
  forget(): void {
    for (const map of [this.#words, this.#texts, this.#streams]) map.clear()
  }
}
