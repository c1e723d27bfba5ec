import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { renderColumns } from '../../src/cli/columns.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { type CameraConfig, showCamera, suggest } from '../../src/config/index.ts'
import { VmsError } from '../../src/kernel/errors.ts'

export default class CameraList extends BaseCommand {
  static override summary = 'List the cameras of the configuration'

  static override description = 'In the order of the file, ranges spread out. Users and passwords are not shown.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --group outside',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.cameras[].id'",
  ]

  static override flags = {
    group: string({ char: 'g', description: 'only the cameras of this group' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CameraList)
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { group } = flags
    const cameras = config.cameras.filter(camera => group === undefined || camera.group === group).map(showCamera)
    if (group !== undefined && cameras.length === 0) {
      const near = suggest(group, new Set(config.cameras.map(camera => camera.group ?? '')))
      throw new VmsError(
        'VMS_E_CAMERA_NOT_FOUND',
        `no camera is in the group "${group}"`,
        near ? { hint: `Did you mean ${near}?` } : {},
      )
    }
    if (!this.jsonEnabled() && cameras.length > 0) {
      const rows = cameras.map(({ id, group, main, sub, engine, record }) => [
        id,
        group ?? '',
        describeRecord(record, engine),
        main.url,
        sub?.url ?? '',
      ])
      this.log(renderColumns(['camera', 'group', 'record', 'main', 'sub'], rows))
    }
    if (cameras.length === 0) this.result('No cameras yet: vmsctl camera add')
    return { file: config.file, cameras }
  }
}

/** The recorder, and when it records where that is not always. */
function describeRecord(record: CameraConfig['record'], engine: string): string {
  if (typeof record === 'boolean') return record ? engine : 'no'
  return `${engine}, ${record.schedule.join(' and ')}`
}
