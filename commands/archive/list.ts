import { boolean } from '@oclif/core/flags'
import { archiveArgs, archiveFlags } from '../../src/cli/archive-flags.ts'
import { spanOf } from '../../src/cli/archive-span.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Segment } from '../../src/recording/types.ts'

export default class ArchiveList extends BaseCommand {
  static override summary = 'List the segments of cameras'
  static override description =
    'Segments that overlap the span, the one being written too: when they begin, how long and large they are, why they were begun and ended, and where they lie. `archive coverage` says what is missing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> gate-1',
    '<%= config.bin %> <%= command.id %> --group outside --from "yesterday 08:00" --to "yesterday 18:00"',
    "<%= config.bin %> <%= command.id %> gate-1 --from -1h --json | jq -r '.segments[].path'",
  ]
  static override strict = false
  static override args = archiveArgs
  static override flags = {
    ...archiveFlags,
    sub: boolean({ description: 'segments of the sub-stream' }),
    csv: boolean({ description: 'one line a segment' }),
  }

  async run(): Promise<unknown> {
    const { flags, argv } = await this.parse(ArchiveList)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { timezone } = config.site
    const span = spanOf(flags, { now: systemClock.wall(), timezone })
    const { archiveCameras } = await import('../../src/cli/archive-cameras.ts')
    const { openArchive } = await import('../../src/recording/index.ts')
    const archive = await openArchive({ config, stateDir: stateDirOf(flags), clock: systemClock })
    try {
      const former = argv.length > 0 ? archive.index.cameras() : []
      const cameras = archiveCameras(config.cameras, former, argv as string[], flags.group)
      const segments: Segment[] = []
      for (const camera of cameras)
        segments.push(...(flags.sub ? archive.segments(camera, span, 'sub') : await archive.allSegments(camera, span)))
      const { renderSegments, segmentsCsv, sumSegments } = await import('../../src/cli/segment-view.ts')
      if (flags.csv) this.result(segmentsCsv(segments, timezone).trimEnd())
      else if (!this.jsonEnabled()) {
        const { paletteFor } = await import('../../src/cli/palette.ts')
        this.result(renderSegments(segments, span, timezone, await paletteFor(process.stdout, process.env)))
      }
      return { timezone, ...span, storage: archive.storage, sums: sumSegments(segments), segments }
    } finally {
      archive.close()
    }
  }
}
