import {
  closeSync,
  copyFileSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { systemCode } from '../kernel/errors.ts'

/** Bytes at which a log is rotated, and how many files are kept in all: `x.log`, `x.log.1`, `x.log.2`. */
const LOG_LIMIT = 10_000_000
const LOG_FILES = 3

/**
 * Copies a log away and empties it once it exceeds `limit` bytes. The writer has it open for appending and goes on at the
 * new end without knowing; lines written between copy and truncation are copied too, but for a moment of microseconds.
 * Returns whether it rotated.
 */
export function rotateLog(path: string, limit = LOG_LIMIT, files = LOG_FILES): boolean {
  let size: number
  try {
    size = statSync(path).size
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
  if (size <= limit) return false
  rmSync(`${path}.${files - 1}`, { force: true })
  for (let number = files - 2; number >= 1; number--) {
    try {
      renameSync(`${path}.${number}`, `${path}.${number + 1}`)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
    }
  }
  copyFileSync(path, `${path}.1`)
  copyRest(path, `${path}.1`, statSync(`${path}.1`).size)
  truncateSync(path)
  return true
}

/** Appends to `to` what was written to `from` beyond `offset` meanwhile. */
function copyRest(from: string, to: string, offset: number): void {
  const source = openSync(from, 'r')
  const target = openSync(to, 'a')
  try {
    const buffer = Buffer.alloc(65_536)
    for (let at = offset; ; ) {
      const count = readSync(source, buffer, 0, buffer.length, at)
      if (count === 0) return
      writeSync(target, buffer, 0, count)
      at += count
    }
  } finally {
    closeSync(source)
    closeSync(target)
  }
}
