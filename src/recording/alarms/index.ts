export { Alarms, readRaised, sendTest } from './alarms.ts'
export type { CameraObservation, RaisedAlarm } from './types.ts'
