import type { GapReason } from '../types.ts'

/** What an alarm is about. */
export type AlarmRule = 'not-recorded' | 'coverage' | 'headroom'

/** What is known of one camera of the site now. Times are wall-clock milliseconds. */
export interface CameraObservation {
  readonly camera: string
  readonly wanted: boolean
  /** Since when it is wanted and somebody could record it: nothing is missing from before. */
  readonly since: number
  /** End of the newest recorded second; null when there is none. */
  readonly lastRecorded: number | null
  /** 100 less the percentage of the last hour that was wanted and is not recorded; null where that is not known. */
  readonly coverage: number | null
  /** Why nothing is recorded, where it is known. */
  readonly reason: GapReason | null
  /** The same in the words of whoever noted it; never a secret. */
  readonly detail: string | null
  /** Host of its main stream: address or name. */
  readonly host: string | null
}

export interface Observations {
  readonly cameras: readonly CameraObservation[]
  /** Milliseconds until the disk is full at the measured bit rate; null where that is not known. */
  readonly headroom: number | null
}

/** One alarm that lasts. */
export interface RaisedAlarm {
  readonly rule: AlarmRule
  /** Null for those of the whole site. */
  readonly camera: string | null
  /** Since when what it says holds; wall-clock milliseconds. */
  readonly since: number
  /** Whether somebody was told already. */
  readonly told: boolean
  readonly reason: GapReason | null
  readonly detail: string | null
  readonly host: string | null
}

/** What one message is about: alarms that arose together, for one cause as far as can be told. */
export interface AlarmMessage {
  readonly kind: 'raised' | 'cleared' | 'reminder' | 'test'
  readonly rule: AlarmRule | null
  /** Wall-clock milliseconds. */
  readonly at: number
  /** Network or host that all of them share, where it can be told: `10.0.3.0/24`. */
  readonly network: string | null
  readonly alarms: readonly RaisedAlarm[]
}
