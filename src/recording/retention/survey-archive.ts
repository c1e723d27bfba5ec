import type { SiteConfig } from '../../config/types.ts'
import type { OldSegment } from '../segment-index/oldest-segments.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { CameraFootage, RetentionSurvey } from './types.ts'

/** What a survey takes from elsewhere than index and configuration. */
export interface SurveyFacts {
  /** Wall-clock milliseconds. */
  readonly now: number
  readonly space: RetentionSurvey['space']
  /** Bytes a second by camera; see measureRates. */
  readonly rates: ReadonlyMap<string, number | null>
  /** To read also what only a policy that is not in force would ask for. */
  readonly whole?: boolean
}

/**
 * All that decides what goes, as index and configuration have it. Cameras that have footage and are not configured any more
 * are under the defaults. Reads sums only; segments are read when the survey is.
 */
export function surveyArchive(
  index: SegmentIndex,
  config: SiteConfig,
  facts: SurveyFacts,
): RetentionSurvey<OldSegment> {
  const { storage, retention } = config
  const byCamera = Map.groupBy(index.oldest.streams(), ({ camera }) => camera)
  const configured = new Map(config.cameras.map(camera => [camera.id, camera]))
  const isAsked = facts.whole || storage.policy === 'fair-by-days'
  const recorded = isAsked ? index.oldest.recorded() : new Map<string, number>()
  const holds = index.holds.activeByCamera()
  const cameras = [...new Set([...configured.keys(), ...byCamera.keys()])].map((camera): CameraFootage<OldSegment> => {
    const streams = byCamera.get(camera) ?? []
    const sum = (key: 'segments' | 'bytes') => streams.reduce((total, stream) => total + stream[key], 0)
    const start = index.whole(camera)?.start
    const end = Math.max(...streams.map(({ lastEnd }) => lastEnd))
    return {
      camera,
      group: configured.get(camera)?.group,
      ...(configured.get(camera)?.retention ?? retention.defaults),
      segments: sum('segments'),
      bytes: sum('bytes'),
      extent: start === undefined ? undefined : { start, end },
      recorded: recorded.get(camera) ?? 0,
      rate: facts.rates.get(camera) ?? null,
      holds: holds.get(camera) ?? [],
      streams: () => streams.map(stream => index.oldest.of(stream)),
    }
  })
  const { now, space } = facts
  return { now, space, policy: storage.policy, headroom: storage.headroom, groups: retention.groups, cameras }
}
