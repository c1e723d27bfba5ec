import { formatDuration } from '../kernel/units.ts'
import { DEFAULTS } from './defaults.ts'
import type { RawHeadroom, RawSettings } from './schema.ts'
import type { Findings } from './sections.ts'
import type { CameraRetention, HeadroomConfig } from './types.ts'

/** The headroom of the storage, with the defaults where nothing is said. What cannot be together is a fault. */
export function readHeadroom(findings: Findings, fields: RawHeadroom | undefined): HeadroomConfig {
  const warn = fields?.warn ?? DEFAULTS.room.warn
  const least = fields?.delete ?? DEFAULTS.room.delete
  const protect = fields?.protect ?? DEFAULTS.room.protect
  if (least > warn) {
    findings.fault(
      ['storage', 'headroom', fields?.delete === undefined ? 'warn' : 'delete'],
      `footage would be deleted at ${formatDuration(least)} of headroom, and people told at ${formatDuration(warn)}`,
      'delete wants to be at most warn',
    )
  }
  return { warn, delete: least, protect }
}

/** What is written of a camera's retention; null where a limit is taken away. */
export type WrittenRetention = { readonly [key in keyof CameraRetention]?: CameraRetention[key] }

/** Only what is written, so that it can be laid over what is inherited. */
export function writtenRetention({
  retention,
  priority,
}: Pick<RawSettings, 'retention' | 'priority'>): WrittenRetention {
  return {
    ...(retention?.age !== undefined && { age: retention.age === 0 ? null : retention.age }),
    ...(retention?.quota !== undefined && { quota: retention.quota === 0 ? null : retention.quota }),
    ...(priority !== undefined && { priority }),
  }
}

/** Everything filled in. */
export function wholeRetention({
  age = null,
  quota = null,
  priority = DEFAULTS.priority,
}: WrittenRetention): CameraRetention {
  return { age, quota, priority }
}
