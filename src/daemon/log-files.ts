import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import { statePaths } from '../config/state-paths.ts'
import { mergeLogs, parseLogText } from './log-line.ts'
import type { LogLine } from './types.ts'

/** Bytes read from the end of each log. */
const TAIL = 4_000_000
const LOG_NAME = /^(daemon|\d{1,4})\.log(\.\d)?$/

export interface LogQuery {
  readonly camera?: string | undefined
  /** The newest so many lines. */
  readonly lines: number
}

/** The logs of daemon and workers, rotated ones included: path and the name of their writer. */
function logFiles(stateDir: string): { path: string; source: string }[] {
  const found: { path: string; source: string }[] = []
  for (const dir of [stateDir, join(stateDir, 'workers')]) {
    let names: string[] = []
    try {
      names = readdirSync(dir)
    } catch {
      // No worker has run yet.
    }
    for (const name of names) if (LOG_NAME.test(name)) found.push({ path: join(dir, name), source: sourceOf(name) })
  }
  // Rotated first, so that lines without a time of their own stand behind older ones.
  return found.sort((a, b) => b.path.localeCompare(a.path))
}

function sourceOf(name: string): string {
  const [writer = ''] = basename(name).split('.')
  return writer === 'daemon' ? 'daemon' : `worker-${writer}`
}

/** The newest lines of all logs, by time. Works without a daemon. */
export function readLogs(stateDir: string, query: LogQuery): LogLine[] {
  const logs = logFiles(stateDir).map(({ path, source }) => parseLogText(readTail(path, TAIL), source))
  return mergeLogs(logs)
    .filter(line => matches(line, query.camera))
    .slice(-query.lines)
}

export function matches(line: LogLine, camera: string | undefined): boolean {
  return camera === undefined || line.camera === camera
}

/** Undefined for a log that went away this moment, or is not ours to read. */
function openLog(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}

/** The end of a file, from the start of a line; empty when it cannot be read. */
function readTail(path: string, bytes: number): string {
  const file = openLog(path)
  if (file === undefined) return ''
  try {
    const { size } = fstatSync(file)
    const start = Math.max(0, size - bytes)
    const buffer = Buffer.alloc(size - start)
    const count = readSync(file, buffer, 0, buffer.length, start)
    const text = buffer.toString('utf8', 0, count)
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    closeSync(file)
  }
}

/** Reads what is appended to the logs from now on; call `poll` again and again. A rotated log is read from its new start. */
export class LogFollower {
  readonly #stateDir: string
  readonly #offsets = new Map<string, number>()
  #first = true

  constructor(stateDir: string) {
    this.#stateDir = statePaths(stateDir).dir
    this.poll()
    this.#first = false
  }

  /** Lines that are new since the last call. */
  poll(): LogLine[] {
    const logs: LogLine[][] = []
    for (const { path, source } of logFiles(this.#stateDir)) {
      if (/\.\d$/.test(path)) continue
      const file = openLog(path)
      if (file === undefined) continue
      try {
        const { size } = fstatSync(file)
        const known = this.#offsets.get(path) ?? (this.#first ? size : 0)
        const from = known > size ? 0 : known
        const buffer = Buffer.alloc(Math.min(size - from, TAIL))
        const count = readSync(file, buffer, 0, buffer.length, from)
        const end = count === 0 ? 0 : buffer.lastIndexOf(10, count - 1) + 1
        this.#offsets.set(path, from + end)
        if (end > 0) logs.push(parseLogText(buffer.toString('utf8', 0, end), source))
      } finally {
        closeSync(file)
      }
    }
    return mergeLogs(logs)
  }
}
