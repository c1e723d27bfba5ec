import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Archive, openArchive } from '../recording/index.ts'

/** Opens the archive for `work`, and closes it behind it. */
export async function withArchive<T>(
  config: SiteConfig,
  stateDir: string,
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = await openArchive({ config, stateDir, clock: systemClock })
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}
