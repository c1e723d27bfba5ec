/*
 * The configuration of a site: vms.yaml. Importing this loads neither the YAML parser nor the schema library; the
 * functions that need them do.
 */
export { type ConfigFault, type ConfigWarning, formatFault } from './faults.ts'
export { type FindOptions, findConfig } from './find.ts'
export { type LoadOptions, loadSiteConfig } from './load.ts'
export type { ParsedSite } from './parse.ts'
export { describeSecret, resolveSecret } from './secret.ts'
export { type StateDirectoryOptions, stateDirectory } from './state-directory.ts'
export { checkStoragePath, type StorageProblem } from './storage-path.ts'
export { didYouMean } from './suggest.ts'
export type * from './types.ts'
