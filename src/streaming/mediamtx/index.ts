/*
 * MediaMTX as the relay: its configuration (rendered, checked, mended, compared) and the running program. Importing this loads neither
 * the YAML parser nor what reads it.
 */

export { chooseVersion } from './choose-version.ts'
export { planRelay } from './render/plan.ts'
