import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version in our package.json, wherever this file runs from (src or dist/src). */
export function ownVersion(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, string>
      if (name === 'vmsctl' && version !== undefined) return version
    } catch {
      // Not here; one further up.
    }
  }
  return '0.0.0'
}
