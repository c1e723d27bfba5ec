export { type ExplainedInput, type Explanation, explain, type Result } from './explain.ts'
export type { Formula } from './formula.ts'
export { FORMULAS, findFormula, formulaGroups, isGroup } from './registry.ts'
