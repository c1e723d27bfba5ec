import { stateDirectory } from '../config/state-directory.ts'
import { DaemonClient } from '../daemon/client.ts'

/** The state directory that a command's flags mean; absolute. */
export function stateDirOf(flags: { readonly 'state-dir'?: string | undefined }): string {
  return stateDirectory({ flag: flags['state-dir'], env: process.env })
}

/** The way to the daemon that a command's flags mean. */
export function daemonClient(flags: { readonly 'state-dir'?: string | undefined }): DaemonClient {
  return new DaemonClient(stateDirOf(flags))
}
