import {
  composeInputs,
  emptyDraft,
  type PlanRequest,
  type PlanResult,
  planSite,
  say,
} from '../../src/planning/index.ts'

/** A request from settings as flags say them. */
export function requestOf(settings: Readonly<Record<string, string>>): PlanRequest {
  const draft = emptyDraft()
  for (const [key, text] of Object.entries(settings)) say(draft, key, text, { by: 'flag', shown: `--${key}` })
  return composeInputs(draft)
}

/** The plan of them; few draws, for what does not depend on their number. */
export function planOf(settings: Readonly<Record<string, string>>): PlanResult {
  return planSite(requestOf({ draws: '256', ...settings }), '0.0.0')
}

export function figure(plan: PlanResult, id: PlanResult['figures'][number]['id']) {
  return plan.figures.find(each => each.id === id)!
}
