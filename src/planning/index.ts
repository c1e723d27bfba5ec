/*
 * The planner: what a site needs, what it costs, what breaks first. Pure; see model/plan-site.ts for the way of a plan.
 */
export { composeInputs } from './inputs/compose.ts'
export { emptyDraft, say } from './inputs/draft.ts'
export type { PlanRequest } from './inputs/types.ts'
export { planSite } from './model/plan-site.ts'
export type { PlanResult } from './model/types.ts'
