import type { GivingPolicy, SiteConfig } from '../config/types.ts'
import { type Clock, sleep, systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { formatSize } from '../kernel/units.ts'
import type { Archive } from '../recording/index.ts'
import {
  deletePass,
  givingOrder,
  type HoldPlaces,
  isClockDoubtful,
  measureRates,
  nodeRetentionFs,
  type PassResult,
  planRetention,
  type RetentionPlan,
  type RetentionSurvey,
  SpaceWatch,
  shortfallAlarms,
  surveyArchive,
  syncHolds,
} from '../recording/retention/index.ts'
import type { OldSegment } from '../recording/segment-index/oldest-segments.ts'
import type { LongWorkContext } from './long-work.ts'
import { withArchive } from './with-archive.ts'

/** Segments that a plan names. */
const NAMED = 1_000

/** Where an opened archive keeps its holds. */
export function holdPlaces(archive: Archive): HoldPlaces {
  return { index: archive.index, storage: archive.storage, storageId: archive.storageId(), fs: nodeRetentionFs }
}

/**
 * What has to go now, and what comes. `policy`: tried in place of the one in force. Rejects as `openArchive` does, and with
 * VMS_E_HOLDS_FILE.
 */
export function planSite(
  config: SiteConfig,
  stateDir: string,
  policy?: GivingPolicy,
): Promise<RetentionPlan<OldSegment>> {
  return withArchive(config, stateDir, async archive => {
    await syncHolds(holdPlaces(archive))
    const survey = await surveyNow(archive, systemClock)
    return planRetention(policy === undefined ? survey : { ...survey, policy }, NAMED)
  })
}

/** The cameras in the order in which they would give next. */
export function policyOfSite(config: SiteConfig, stateDir: string): Promise<PolicyReport> {
  return withArchive(config, stateDir, async archive => {
    const survey = await surveyNow(archive, systemClock)
    const { policy, headroom, groups, cameras } = survey
    const first = new Map(givingOrder(survey).map(({ camera, start }, place) => [camera, { place, start }]))
    const ordered = cameras.toSorted(
      (a, b) => (first.get(a.camera)?.place ?? cameras.length) - (first.get(b.camera)?.place ?? cameras.length),
    )
    return {
      policy,
      headroom,
      groups,
      cameras: ordered.map(({ camera, group, priority, age, quota, recorded }) => ({
        camera,
        group: group ?? null,
        priority,
        age,
        quota,
        recorded,
        gives: first.get(camera)?.start ?? null,
      })),
    }
  })
}

/** The policy in force and, in the order in which they give, the cameras. Milliseconds and bytes. */
export interface PolicyReport extends Pick<RetentionSurvey, 'policy' | 'headroom' | 'groups'> {
  readonly cameras: readonly {
    readonly camera: string
    readonly group: string | null
    readonly priority: number
    readonly age: number | null
    readonly quota: number | null
    readonly recorded: number
    /** Wall-clock milliseconds of the footage that would go first; null when there is none that may go. */
    readonly gives: number | null
  }[]
}

export interface AppliedRetention extends PassResult {
  readonly alarms: readonly string[]
}

/**
 * Deletes what has to go now, in this process. Rejects as `openArchive` does, with VMS_E_STORAGE_UNAVAILABLE when the disk is not there
 * or fails, with VMS_E_HOLDS_FILE, and on Ctrl-C.
 */
export function applyRetention(
  config: SiteConfig,
  stateDir: string,
  { progress, signal }: LongWorkContext,
): Promise<AppliedRetention> {
  return withArchive(config, stateDir, async archive => {
    const places = holdPlaces(archive)
    await syncHolds(places)
    // Where no daemon ever ran, nobody knows a better id than the one that is there.
    const storageId = places.storageId ?? (await nodeRetentionFs.storageId(archive.storage)) ?? ''
    if (!archive.index.isComplete(storageId))
      throw new VmsError('VMS_E_NO_INDEX', 'the index does not have all of the archive: the wrong footage would go', {
        hint: 'Let vmsctl archive rebuild end first.',
      })
    let survey: RetentionSurvey<OldSegment> | undefined
    const result = await deletePass({
      place: { index: archive.index, storage: archive.storage, storageId, fs: nodeRetentionFs },
      survey: async () => {
        survey = await surveyNow(archive, systemClock)
        return survey
      },
      watch: new SpaceWatch(),
      clock: systemClock,
      batches: Number.POSITIVE_INFINITY,
      signal,
      progress: ({ files, bytes }) => progress(`${files} files deleted, ${formatSize(bytes)}`),
    })
    if (result.trouble !== null) {
      const { files, bytes } = result
      throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `after ${files} files: ${result.trouble}`, {
        details: { files, bytes },
      })
    }
    return { ...result, alarms: survey && result.shortfall ? shortfallAlarms(survey, result.shortfall) : [] }
  })
}

async function surveyNow({ index, config, storage }: Archive, clock: Clock): Promise<RetentionSurvey<OldSegment>> {
  const now = clock.wall()
  const rates = await measureRates(index, now, () => sleep(clock, 0))
  const space = await nodeRetentionFs.space(storage).catch(() => null)
  const clockDoubtful = isClockDoubtful(index, now, Number.POSITIVE_INFINITY)
  return { ...surveyArchive(index, config, { now, space, rates, whole: true }), clockDoubtful }
}
