import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { systemCode, VmsError } from '../kernel/errors.ts'
import { openPlayback, type PlaybackEnd } from '../recording/export/index.ts'
import { stateDirOf } from './daemon-client.ts'
import type { ExportFlags } from './export-site.ts'
import { camerasOf } from './named-footage.ts'
import { withArchive } from './with-archive.ts'

/**
 * Writes a span of one camera to a pipe as fragmented MP4, as fast as its reader takes it. Gives why it ended: `closed` when the
 * reader wanted no more.
 */
export function pipeSite(
  config: SiteConfig,
  flags: Omit<ExportFlags, 'output' | 'segments' | 'evidence' | 'key' | 'force'>,
  output: Writable,
  signal: AbortSignal,
): Promise<PlaybackEnd | { readonly reason: 'closed' }> {
  const { span, stream, gaps, audio } = flags
  return withArchive(config, stateDirOf(flags), async archive => {
    const [camera, ...more] = camerasOf(archive, flags)
    if (camera === undefined || more.length > 0)
      throw new VmsError('VMS_E_USAGE', `${more.length + 1} cameras cannot go to standard output`)
    const to = Math.min(span.end, systemClock.wall())
    const request = { camera, stream, from: span.start, to, keepGaps: gaps === 'keep', audio }
    const { bytes } = await openPlayback(archive, request, signal)
    for (;;) {
      const { done, value } = await bytes.next()
      if (done) return value
      try {
        if (!output.writable) return { reason: 'closed' }
        if (!output.write(value)) await once(output, 'drain', { signal })
      } catch (error) {
        signal.throwIfAborted()
        if (systemCode(error) === 'EPIPE') return { reason: 'closed' }
        throw error
      }
    }
  })
}
