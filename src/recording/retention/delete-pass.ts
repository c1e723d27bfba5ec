import { type Clock, sleep } from '../../kernel/clock.ts'
import type { DoomedSegment } from '../segment-index/doomed-segments.ts'
import type { OldSegment } from '../segment-index/oldest-segments.ts'
import { type DeletionPlace, deleteSegments, type LeftSegment } from './delete-segments.ts'
import { deletions } from './deletions.ts'
import { totalRate } from './headroom.ts'
import type { SpaceWatch } from './space-watch.ts'
import { storageTrouble } from './storage-trouble.ts'
import type { Deletion, RetentionSurvey, Shortfall } from './types.ts'

export interface PassOptions {
  readonly place: DeletionPlace
  /** Made behind the deletions of earlier passes. */
  readonly survey: () => Promise<RetentionSurvey<OldSegment>>
  readonly watch: SpaceWatch
  readonly clock: Clock
  /** Batches at the most. */
  readonly batches: number
  readonly signal?: AbortSignal | undefined
  /** What was deleted so far. */
  readonly progress?: (sum: { readonly files: number; readonly bytes: number }) => void
}

/** What a pass did. */
export interface PassResult {
  readonly files: number
  readonly bytes: number
  /** Rows that went, whose files were gone already. */
  readonly gone: number
  readonly left: readonly LeftSegment[]
  /** Why it ended early; null when it did not. */
  readonly trouble: string | null
  /** What remains to be freed; null when there was more to do than the batches allowed, or trouble. */
  readonly shortfall: Shortfall | null
}

/** Files of a batch. */
const BATCH = 100
/** Milliseconds between two batches: the disk is the recorders'. */
const PAUSE = 100
/** What the account says of the time of footage that retention took. */
const EXPIRED = 'expired'

/**
 * Deletes what has to go now: first what an earlier pass began, then by the rules, in batches with pauses. It can be ended at
 * any time, also with kill -9, and several may run at once. Rejects with the signal's reason.
 */
export async function deletePass(options: PassOptions): Promise<PassResult> {
  const { place, clock, watch, signal } = options
  const breathe = () => sleep(clock, 0)
  const left: LeftSegment[] = []
  const sum = { files: 0, bytes: 0, gone: 0 }
  let batches = 0
  /** Waits for the turn of the next batch; ends here when that was asked, with nothing marked that is not deleted. */
  const turn = async () => {
    if (batches++ > 0) await sleep(clock, PAUSE, signal)
    signal?.throwIfAborted()
  }
  const remove = async (doomed: readonly DoomedSegment[]): Promise<string | null> => {
    const result = await deleteSegments(place, doomed, clock.wall(), breathe)
    left.push(...result.left)
    sum.files += result.files
    sum.bytes += result.bytes
    sum.gone += result.gone
    options.progress?.(sum)
    return result.trouble
  }
  const end = (trouble: string | null, shortfall: Shortfall | null = null): PassResult => ({
    ...sum,
    left,
    trouble,
    shortfall,
  })

  while (batches < options.batches) {
    const begun = place.index.doomed.list(BATCH)
    if (begun.length === 0) break
    await turn()
    const trouble = await remove(begun)
    if (trouble !== null) return end(trouble)
  }

  const survey = await options.survey()
  await breathe()
  const due = deletions(survey)
  const rate = totalRate(survey)
  while (batches < options.batches) {
    const { list, shortfall } = takeBatch(due, BATCH)
    if (list.length === 0) return end(null, shortfall ?? null)
    await turn()
    const before = await spaceOf(place)
    // What was measured where the disk is not mounted would condemn footage that is not there now.
    const missing = await storageTrouble(place)
    if (missing !== null) return end(missing)
    const kept = before && watch.trouble(clock.monotonic(), before.free)
    const allowed = typeof kept === 'string' ? list.filter(({ rule }) => rule !== 'headroom') : list
    const marked = place.index.doomed.mark(
      allowed.map(({ segment }) => segment),
      EXPIRED,
    )
    const bytes = sum.bytes
    const since = clock.monotonic()
    const trouble = marked.length === 0 ? null : await remove(marked.map(segment => ({ segment, reason: EXPIRED })))
    const after = await spaceOf(place)
    if (before && after && allowed.some(({ rule }) => rule === 'headroom')) {
      const written = (rate * (clock.monotonic() - since)) / 1_000
      const effect = { deleted: sum.bytes - bytes, freeBefore: before.free, freeAfter: after.free, total: after.total }
      watch.note({ ...effect, written }, clock.monotonic())
    }
    if (trouble !== null || allowed.length < list.length) return end(trouble ?? kept)
    if (shortfall) return end(null, shortfall)
  }
  return end(null)
}

function takeBatch(
  due: Generator<Deletion<OldSegment>, Shortfall>,
  most: number,
): { list: Deletion<OldSegment>[]; shortfall: Shortfall | undefined } {
  const list: Deletion<OldSegment>[] = []
  while (list.length < most) {
    const step = due.next()
    if (step.done) return { list, shortfall: step.value }
    list.push(step.value)
  }
  return { list, shortfall: undefined }
}

function spaceOf({ fs, storage }: DeletionPlace): Promise<{ free: number; total: number } | null> {
  return fs.space(storage).catch(() => null)
}
