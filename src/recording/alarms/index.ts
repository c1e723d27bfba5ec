export { Alarms, readRaised, sendTest } from './alarms.ts'
export type { RaisedAlarm } from './types.ts'
