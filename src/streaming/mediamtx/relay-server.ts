import type { Hono } from 'hono'
import type { SiteConfig } from '../../config/index.ts'
import type { RelaySessions } from './relay-sessions.ts'
import type { Listening } from './render/plan.ts'
import type { RelayStatus } from './run/relay-process.ts'

/** Where a MediaMTX serves viewers, `host:port` each; undefined what it does not serve. */
export interface RelayDoors {
  readonly rtsp?: string | undefined
  readonly webrtc?: string | undefined
  readonly hls?: string | undefined
  readonly rtmp?: string | undefined
}

/** A MediaMTX that serves our viewers: one of our own, or one that somebody else runs. */
export interface RelayServer {
  /** Answers to its questions, to be served where `mediamtx.auth` says, before `start`. */
  readonly auth: Hono
  readonly sessions: RelaySessions
  readonly status: RelayStatus
  /** As it says itself; undefined where it does not. */
  readonly version: string | undefined
  /** What could be better about it, or is not known of it. */
  readonly notes: readonly string[]
  readonly doors: RelayDoors
  start(): void
  stop(): Promise<void>
  /** Takes up the cameras of another site whose section `mediamtx` is the same. Throws VMS_E_RELAY, VMS_E_TIMEOUT. */
  reconfigure(site: SiteConfig, listening: Listening): Promise<unknown>
}
