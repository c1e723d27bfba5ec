import { existsSync, renameSync } from 'node:fs'

/** Puts a database that cannot be read aside, with the time in its name, and gives its new path. */
export function putAside(path: string, now: Date): string {
  const aside = `${path}.damaged-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}
