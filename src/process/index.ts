/* Processes of this machine: telling one from another that got its pid, ending one, and what they write to. */
export { filesOpenForWriting } from './open-files.ts'
export { isRunning, type ProcessIdentity, readBootId, readIdentity } from './process-identity.ts'
export { terminate, waitUntilGone } from './terminate.ts'
