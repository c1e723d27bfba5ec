/*
 * The planner: what a site needs, what it costs, what breaks first. Pure; see model/plan-site.ts for the way of a plan.
 */
export type { Grade, Source } from './grade.ts'
export { composeInputs } from './inputs/compose.ts'
export { type Draft, emptyDraft, type Place, say } from './inputs/draft.ts'
export type { Origin } from './inputs/origin.ts'
export { SETTINGS } from './inputs/settings.ts'
export type { PlanInputs, PlanRequest, Spread } from './inputs/types.ts'
export { planSite } from './model/plan-site.ts'
export type * from './model/types.ts'
