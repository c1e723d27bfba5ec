import { VmsError } from '../../kernel/errors.ts'
import type { Adaptation } from '../../planning/compare/index.ts'
import { composeInputs, type PlanRequest } from '../../planning/index.ts'
import { share } from '../../planning/inputs/value-type.ts'
import { type PlanFlags, planDraft } from '../plan/plan-request.ts'

/** What S4 leaves of a stream whose scene is still. */
const KEPT = 0.5

export interface ComparedSite {
  readonly request: PlanRequest
  readonly adaptation: Adaptation
}

/**
 * The site that architectures are compared for. Unless somebody says otherwise every sub-stream is transcoded, as in the owner's document:
 * that is what on demand and hardware are about.
 */
export async function comparedSite(flags: PlanFlags & { still: string }): Promise<ComparedSite> {
  const { draft } = await planDraft(flags)
  if (!draft.site.has('transcode'))
    draft.site.set('transcode', {
      value: 1,
      shown: '--transcode',
      origin: {
        by: 'default',
        text: '100%',
        grade: 'assumption',
        source: { text: "the owner's document makes sub-streams of main streams" },
      },
    })
  return { request: composeInputs(draft), adaptation: { still: stillOf(flags.still), kept: KEPT } }
}

function stillOf(text: string): number {
  const type = share()
  const hint = 'Write a share, such as 25%.'
  try {
    const value = type.parse(text)
    const problem = type.problem(value)
    if (problem === undefined) return value as number
    throw new VmsError('VMS_E_USAGE', `--still: "${text.slice(0, 40)}" ${problem}`, { hint })
  } catch (error) {
    if (!(error instanceof VmsError) || error.message.startsWith('--still')) throw error
    throw new VmsError('VMS_E_USAGE', `--still: ${error.message}`, { hint: error.hint ?? hint })
  }
}
