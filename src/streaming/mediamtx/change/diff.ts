import { redactText } from '../../../kernel/redact.ts'
import { dialectOf, type KeyFacts, type Part } from '../dialects/dialect.ts'
import { LIVE, MAIN } from '../render/plan.ts'
import type { RelayVersion } from '../version.ts'
import type { RelayConfig } from './relay-config.ts'
import { sameSetting } from './same-value.ts'

interface KeyChange {
  readonly key: string
  /** For people: without passwords. */
  readonly from: unknown
  readonly to: unknown
}

export interface ServerChange extends KeyChange {
  /** What MediaMTX stops and starts again for it; none: it takes it up at once. */
  readonly closes: readonly Part[]
}

interface PathChange {
  readonly name: string
  readonly keys: readonly KeyChange[]
}

/** The way from one configuration to another. */
export interface RelayDiff {
  readonly server: readonly ServerChange[]
  readonly added: readonly string[]
  readonly changed: readonly PathChange[]
  readonly removed: readonly string[]
  /** Paths that are none of ours, and stay. */
  readonly foreign: readonly string[]
}

/** What has to change so that `present` is as `wanted`. Of paths only those called live/... and main/... are ours. */
export function diffRelay(wanted: RelayConfig, present: RelayConfig, version: RelayVersion): RelayDiff {
  const { keys } = dialectOf(version)
  const names = [...present.paths.keys()].filter(name => !wanted.paths.has(name))
  const ours = (name: string) => name.startsWith(LIVE) || name.startsWith(MAIN)
  return {
    server: changesOf(keys.global, wanted.global, present.global).map(change => ({
      ...change,
      closes: keys.global.get(change.key)?.closes ?? [],
    })),
    added: [...wanted.paths.keys()].filter(name => !present.paths.has(name)),
    changed: [...wanted.paths].flatMap(([name, path]) => {
      const there = present.paths.get(name)
      const changes = there === undefined ? [] : changesOf(keys.path, path, there)
      return changes.length === 0 ? [] : [{ name, keys: changes }]
    }),
    removed: names.filter(ours),
    foreign: names.filter(name => !ours(name)),
  }
}

type Keys = Readonly<Record<string, unknown>>

function changesOf(facts: ReadonlyMap<string, KeyFacts>, wanted: Keys, present: Keys): KeyChange[] {
  return Object.entries(wanted)
    .filter(([key, value]) => !sameSetting(facts.get(key)?.type ?? 'text', value, present[key]))
    .map(([key, to]) => ({ key, from: withoutSecrets(key, present[key] ?? null), to }))
}

function withoutSecrets(key: string, value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (key !== 'webrtcICEServers2' || !Array.isArray(value)) return value
  return value.map(server => ({ url: (server as { url?: unknown } | null)?.url }))
}

const NAMES: Readonly<Record<Part, string>> = {
  all: 'every stream and viewer',
  rtsp: 'all viewers by RTSP',
  rtmp: 'all viewers by RTMP',
  hls: 'all viewers by HLS',
  webrtc: 'all viewers by WebRTC',
  srt: 'all viewers by SRT',
  moq: 'all viewers by MoQ',
  api: 'the control API for a moment',
  playback: 'the playback server',
  pprof: 'the profiler',
  process: 'nothing until MediaMTX is restarted',
}

/** Whom a change of a key of the whole server interrupts: "every stream and viewer". */
export function interrupted({ closes }: ServerChange): string {
  return closes.length === 0 ? 'nobody' : closes.map(part => NAMES[part]).join(', ')
}
