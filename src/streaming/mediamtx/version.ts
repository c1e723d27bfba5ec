import { VmsError } from '../../kernel/errors.ts'

/** Of MediaMTX, such as `1.20.1`. */
export type RelayVersion = `${number}.${number}.${number}`

/** Between these the key tables are from MediaMTX's own sources. */
const OLDEST_KNOWN: RelayVersion = '1.15.0'
export const NEWEST_KNOWN: RelayVersion = '1.20.1'

/** The last release of each minor version: what `1.17` alone stands for. */
const LAST_PATCH: Readonly<Record<string, number>> = { 15: 6, 16: 3, 17: 1, 18: 2, 19: 3, 20: 1 }

/** `v1.20.1-6-3e09466c` is 1.20.1, `1.17` is the last 1.17; undefined for what is no version. */
export function parseRelayVersion(text: string): RelayVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+].{0,100})?$/.exec(text.trim())
  if (!match) return undefined
  const [, major, minor, patch = major === '1' ? LAST_PATCH[minor!] : 0] = match
  return `${Number(major)}.${Number(minor)}.${Number(patch ?? 0)}` as RelayVersion
}

/** Below 0 where `a` is older than `b`, above 0 where it is newer. */
export function compareVersions(a: RelayVersion, b: RelayVersion): number {
  const [left, right] = [a, b].map(version => version.split('.').map(Number))
  for (const index of [0, 1, 2]) {
    const difference = left![index]! - right![index]!
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether `version` is `since` or newer; true without `since`. */
export function isSince(version: RelayVersion, since: RelayVersion | undefined): boolean {
  return since === undefined || compareVersions(version, since) >= 0
}

/** The version whose keys we know best for `version`, and a sentence where that is another. */
export function knownVersion(version: RelayVersion): { version: RelayVersion; note?: string } {
  if (compareVersions(version, OLDEST_KNOWN) < 0)
    return {
      version: OLDEST_KNOWN,
      note: `MediaMTX ${version} is older than ${OLDEST_KNOWN}, the oldest whose keys are known here; taken for that one, it may refuse keys`,
    }
  if (compareVersions(version, NEWEST_KNOWN) > 0)
    return {
      version: NEWEST_KNOWN,
      note: `MediaMTX ${version} is newer than ${NEWEST_KNOWN}, the newest whose keys are known here; keys that came or went since are not known`,
    }
  return { version }
}

/** The value of --for. Throws VMS_E_USAGE. */
export function versionFlag(text: string): RelayVersion {
  const version = parseRelayVersion(text)
  if (version !== undefined) return version
  throw new VmsError('VMS_E_USAGE', `--for ${JSON.stringify(text.slice(0, 40))} is not a version of MediaMTX`, {
    hint: 'Write it like 1.17 or 1.19.3.',
  })
}
