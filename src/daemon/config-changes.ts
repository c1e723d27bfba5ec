import type { CameraConfig, SiteConfig } from '../config/types.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import type { ReloadResult } from './types.ts'

const SITE_SECTIONS = ['site', 'storage', 'gateway', 'limits', 'retention', 'alarms', 'viewing', 'registry'] as const

/** What differs between two configurations, for people; workers find out themselves what to touch. */
export function configChanges(before: SiteConfig, after: SiteConfig): Omit<ReloadResult, 'notes'> {
  const old = new Map(before.cameras.map(camera => [camera.id, fingerprint(camera)]))
  const now = new Map(after.cameras.map(camera => [camera.id, fingerprint(camera)]))
  return {
    added: [...now.keys()].filter(id => !old.has(id)),
    removed: [...old.keys()].filter(id => !now.has(id)),
    changed: [...now].filter(([id, print]) => old.has(id) && old.get(id) !== print).map(([id]) => id),
    settings: SITE_SECTIONS.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name])),
  }
}

/** All of a camera but its line in the file, which changes with every line above it. */
function fingerprint(camera: CameraConfig): string {
  return JSON.stringify({ ...camera, place: '' })
}

/** Why a configuration was not taken, on one line: the first fault, and how many more there are. */
export function briefFault(error: unknown): string {
  const lines = messageOf(error).split('\n')
  const count = error instanceof VmsError ? Number(error.details?.count ?? 1) : 1
  return count > 1 ? `${lines[1]} (and ${count - 1} more: vmsctl config check)` : lines.join(' ')
}
