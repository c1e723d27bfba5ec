// For the parts that run a daemon. Commands that only talk to one import client.ts (and types.ts), which loads in a millisecond.
export { DaemonClient, type StatusQuery } from './client.ts'
export { runInForeground } from './foreground.ts'
export { LogFollower, type LogQuery, matches, readLogs } from './log-files.ts'
export { type RunningDaemon, type RunOptions, runDaemon } from './run-daemon.ts'
export { type StartOptions, startDaemon } from './start-daemon.ts'
export { type StopOptions, type StopReport, stopDaemon } from './stop-daemon.ts'
export type * from './types.ts'
