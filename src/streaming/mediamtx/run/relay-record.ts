import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from '../../../process/index.ts'

/** What a daemon wrote down of the MediaMTX that it started, for the daemon that comes next. */
export interface RelayRecord extends ProcessIdentity {
  /** Of all that it was started with but for its paths: one that was started with other settings is not taken over. */
  readonly fingerprint: string
}

const fileOf = (dir: string) => join(dir, 'process.json')

/** Undefined where there is none, or none that can be read. */
export function readRelayRecord(dir: string): RelayRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(fileOf(dir), 'utf8')) as Partial<RelayRecord> | null
    const { pid, startTime, bootId, fingerprint = '' } = record ?? {}
    if (!Number.isSafeInteger(pid) || typeof startTime !== 'string' || typeof bootId !== 'string') return undefined
    return { pid: pid!, startTime, bootId, fingerprint: String(fingerprint) }
  } catch {
    return undefined
  }
}

export function writeRelayRecord(dir: string, record: RelayRecord): void {
  writeFileSync(fileOf(dir), JSON.stringify(record), { mode: 0o600 })
}

export function removeRelayRecord(dir: string): void {
  rmSync(fileOf(dir), { force: true })
}
