/* Processes of this machine: telling one from another that got its pid, and ending one. */
export { isRunning, type ProcessIdentity, readBootId, readIdentity } from './process-identity.ts'
export { terminate, waitUntilGone } from './terminate.ts'
