import type { CameraConfig, SiteConfig } from '../../config/types.ts'
import { VmsError } from '../../kernel/errors.ts'
import { type Draft, type Entry, emptyDraft, originOf, type Place } from '../../planning/inputs/draft.ts'
import { settingOf } from '../../planning/inputs/settings.ts'
import { loadSite } from '../load-site.ts'

/** What the configuration says of a site: how many cameras with and without sub-stream, how long footage is kept, the linger. */
export async function draftOfSite(flags: { config?: string | undefined; quiet?: boolean }): Promise<Draft> {
  try {
    const { config } = await loadSite(flags)
    return draftOfConfig(config)
  } catch (error) {
    if (!(error instanceof VmsError) || error.code !== 'VMS_E_CONFIG_NOT_FOUND' || flags.config) throw error
    throw new VmsError(
      'VMS_E_USAGE',
      'how many cameras? No --cameras was said, and there is no configuration to count them in',
      {
        hint: 'Say --cameras 200, --from-csv TABLE, --from PLAN, or --config FILE.',
      },
    )
  }
}

export function draftOfConfig(config: SiteConfig): Draft {
  const draft = emptyDraft()
  const place: Place = { by: 'config', shown: config.file, source: { text: config.file } }
  const put = (entries: Map<string, Entry>, key: string, value: unknown) => {
    const setting = settingOf(key)!
    if (setting.type.problem(value) === undefined)
      entries.set(key, { value, origin: originOf(setting, value, place), shown: config.file })
  }
  const kinds = [
    { name: 'with a sub-stream', cameras: config.cameras.filter(camera => camera.sub !== undefined) },
    { name: 'without a sub-stream', cameras: config.cameras.filter(camera => camera.sub === undefined) },
  ]
  for (const { name, cameras } of kinds)
    for (const recorded of [true, false]) {
      const of = cameras.filter(camera => isRecorded(camera) === recorded)
      if (of.length === 0) continue
      const entries = new Map<string, Entry>()
      put(entries, 'cameras', of.length)
      if (name === 'without a sub-stream') put(entries, 'sub-bitrate', null)
      if (!recorded) put(entries, 'hours', 0)
      draft.kinds.push({ name: recorded ? name : `${name}, not recorded`, entries })
    }
  if (draft.kinds.length === 0) draft.kinds.push({ name: 'cameras', entries: new Map() })
  // The longest promise decides: a disk is bought for the camera that is kept longest.
  const ages = config.cameras.map(camera => camera.retention.age).filter(age => age !== null)
  if (ages.length > 0) put(draft.site, 'retention', Math.max(...ages))
  put(draft.site, 'linger', config.gateway.linger)
  return draft
}

/** A camera with a schedule counts as one that is always recorded: that is what the disks must be ready for. */
function isRecorded(camera: CameraConfig): boolean {
  return camera.record !== false
}
