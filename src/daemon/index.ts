// For the parts that run a daemon. Commands that only talk to one import client.ts (and types.ts), which loads in a millisecond.
export { DaemonClient } from './client.ts'
export { runInForeground } from './foreground.ts'
export { type RunningDaemon, runDaemon } from './run-daemon.ts'
export { startDaemon } from './start-daemon.ts'
export { type StopReport, stopDaemon } from './stop-daemon.ts'
export type * from './types.ts'
