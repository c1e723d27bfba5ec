import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { workerPaths } from '../config/state-paths.ts'
import type { ProcessIdentity } from '../process/index.ts'

/** What the next daemon must know of a worker: `<state>/workers/<slot>.json`. */
export interface WorkerRecord extends ProcessIdentity {
  readonly slot: number
  /** Version of vmsctl that started it. */
  readonly version: string
  readonly protocol: number
  /** Wall-clock milliseconds. */
  readonly startedAt: number
}

/** Writes `text` so that a reader sees the old file or the new one, never half of it, whenever we are killed. */
function writeFileAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  const file = openSync(temporary, 'w', 0o640)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

export function writeWorkerRecord(stateDir: string, record: WorkerRecord): void {
  writeFileAtomically(workerPaths(stateDir, record.slot).record, `${JSON.stringify(record)}\n`)
}

export function removeWorkerRecord(stateDir: string, slot: number): void {
  rmSync(workerPaths(stateDir, slot).record, { force: true })
}

/** A record's text as a record; undefined for anything else (a file of another version, half a disk block). */
export function parseWorkerRecord(text: string): WorkerRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof WorkerRecord, unknown>> | null
    if (typeof value !== 'object' || value === null) return undefined
    const { slot, pid, startTime, bootId, version, protocol, startedAt } = value
    if (!isCount(slot) || !isCount(pid) || pid < 2 || !isCount(protocol) || typeof startedAt !== 'number')
      return undefined
    if (typeof startTime !== 'string' || typeof bootId !== 'string' || typeof version !== 'string') return undefined
    return { slot, pid, startTime, bootId, version, protocol, startedAt }
  } catch {
    return undefined
  }
}

/** All records that can be read, by slot. */
export function readWorkerRecords(stateDir: string): WorkerRecord[] {
  const dir = join(stateDir, 'workers')
  let names: string[]
  try {
    names = readdirSync(dir)
  } catch {
    return []
  }
  const records: WorkerRecord[] = []
  for (const name of names) {
    if (!/^\d{1,4}\.json$/.test(name)) continue
    const record = parseWorkerRecord(readFileSync(join(dir, name), 'utf8'))
    if (record && String(record.slot) === name.slice(0, -5)) records.push(record)
  }
  return records.sort((a, b) => a.slot - b.slot)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
