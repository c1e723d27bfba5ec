import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { openDatabase, transaction } from '../../src/database/open.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { runProgram } from '../support/vmsctl.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-database-'))
afterAll(() => rmSync(directory, { recursive: true }))

it('makes its tables once, though several processes find none at the same time', async () => {
  const script = fileURLToPath(new URL('./opening-process.ts', import.meta.url))
  for (let round = 0; round < 3; round++) {
    const path = join(directory, `${round}.db`)
    const at = String(Date.now() + 1_500)
    const all = Array.from({ length: 6 }, () =>
      runProgram(process.execPath, [script, path, at], { PATH: process.env.PATH }),
    )
    expect((await Promise.all(all)).map(({ code, err }) => [code, err])).toEqual(Array(6).fill([0, '']))
  }
}, 30_000)

it('tells the first error of a transaction, though SQLite has rolled it back by itself', () => {
  const database = openDatabase(':memory:', INDEX_SCHEMA)
  const failing = () =>
    transaction(database, () => {
      database.exec("INSERT OR ROLLBACK INTO word (text) VALUES ('a'), ('a')")
    })
  expect(failing).toThrow('UNIQUE constraint failed')
  expect(transaction(database, () => database.prepare('SELECT count(*) AS n FROM word').get())).toEqual({ n: 0 })
  database.close()
})
