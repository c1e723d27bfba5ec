import { VmsError } from '../../kernel/errors.ts'
import { parseDuration } from '../../kernel/units.ts'
import type { StreamRole } from '../frame.ts'

/** What a virtual camera can be made to do wrong. */
export type Fault =
  /** Keeps the connection and sends nothing: no frame, no report. */
  | { readonly kind: 'freeze' }
  /** Closes the connections of those who watch; takes new ones at once. */
  | { readonly kind: 'drop' }
  /** Closes the connections and refuses new ones until it is over. */
  | { readonly kind: 'reboot' }
  /** Resets new connections; those that play go on. */
  | { readonly kind: 'refuse' }
  /** Answers new requests with this RTSP status (401, 404, 453, 503 ...). */
  | { readonly kind: 'answer'; readonly status: number }
  /** Puts random bytes between the packets of the interleaved stream. */
  | { readonly kind: 'garbage' }
  /** Sender reports are wrong by this many milliseconds. */
  | { readonly kind: 'clock'; readonly offset: number }
  /** Sends another clip, with other parameter sets and another picture size. */
  | { readonly kind: 'parameters' }
  /** Leaves out this share of the RTP packets, 0 to 1. */
  | { readonly kind: 'lose'; readonly share: number }
  /** Sends each frame up to this many milliseconds late; the order stays. */
  | { readonly kind: 'jitter'; readonly limit: number }

/** Which streams a fault hits. */
export interface FaultTarget {
  /** Camera ids, `*` for any characters, `?` for one. */
  readonly cameras: readonly string[]
  /** Undefined: both streams. */
  readonly stream: StreamRole | undefined
}

/** A fault with its place and time. */
export interface PlannedFault {
  readonly target: FaultTarget
  readonly fault: Fault
  /** Milliseconds after the simulator's start; undefined: at once. */
  readonly at: number | undefined
  /** Milliseconds that it lasts; undefined: until it is cleared. Of no meaning for `drop`. */
  readonly lasts: number | undefined
  /** Milliseconds from one beginning to the next; undefined: once. */
  readonly every: number | undefined
}

/** Kinds by what stands behind `=`. */
const PLAIN = ['freeze', 'drop', 'reboot', 'refuse', 'garbage', 'parameters'] as const
const WITH_VALUE = ['answer', 'clock', 'lose', 'jitter'] as const

const EXAMPLE = 'cam-003:reboot@10s/5s'
const HINT = `Write it like ${EXAMPLE}; kinds are ${PLAIN.join(', ')}, answer=404, clock=+1h, lose=2%, jitter=80ms.`
const TARGET_CHARACTERS = /^[A-Za-z0-9_.*?-]+$/
const LIMIT = 4_000

/**
 * Reads `CAMERAS[/main|/sub]:KIND[=VALUE][@START[/DURATION][,every=PERIOD]]`. CAMERAS is ids or patterns with `*` and `?`,
 * with commas between; START counts from the simulator's start and is now when absent.
 * Examples: `cam-003:reboot@10s/5s`, `*:lose=2%@0s`, `cam-00?,cam-042:drop@30s,every=60s`, `cam-001/sub:freeze`.
 * Throws VMS_E_USAGE that names what is wrong.
 */
export function parseFault(text: string): PlannedFault {
  if (text.length > LIMIT) throw usage(`a fault of ${text.length} characters is too long`)
  const colon = text.indexOf(':')
  if (colon <= 0) throw usage(`"${shown(text)}" does not say which cameras`)
  const [what = '', ...rest] = text.slice(colon + 1).split('@')
  if (rest.length > 1) throw usage(`"${shown(text)}" has more than one @`)
  const fault = parseKind(what)
  const when = rest[0] === undefined ? { at: undefined, lasts: undefined, every: undefined } : parseWhen(rest[0])
  if (fault.kind === 'reboot' && when.lasts === undefined) throw usage('a reboot needs a duration: reboot@10s/5s')
  if (when.every !== undefined && fault.kind !== 'drop' && (when.lasts === undefined || when.lasts >= when.every)) {
    throw usage(`"${shown(text)}" must last shorter than the period it comes back in`)
  }
  return { target: parseTarget(text.slice(0, colon)), fault, ...when }
}

/** The text that {@link parseFault} reads as the same fault. */
export function formatFault(planned: PlannedFault): string {
  const { target, at, lasts, every } = planned
  const stream = target.stream === undefined ? '' : `/${target.stream}`
  const duration = lasts === undefined ? '' : `/${lasts}ms`
  const period = every === undefined ? '' : `,every=${every}ms`
  const when = at === undefined ? (lasts === undefined ? '' : `@${duration}`) : `@${at}ms${duration}${period}`
  return `${target.cameras.join(',')}${stream}:${formatKind(planned.fault)}${when}`
}

/** Whether `target` means this stream. Linear in the pattern and the id. */
export function matches(target: FaultTarget, camera: string, stream: StreamRole): boolean {
  if (target.stream !== undefined && target.stream !== stream) return false
  return target.cameras.some(pattern => matchesPattern(pattern, camera))
}

/** Glob with `*` and `?`, by backing up to the last star only: never exponential. */
export function matchesPattern(pattern: string, text: string): boolean {
  let p = 0
  let star = -1
  let resume = 0
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** Reads `cam-001,cam-00?/sub`. Throws VMS_E_USAGE. */
function parseTarget(text: string): FaultTarget {
  const slash = text.indexOf('/')
  const names = (slash < 0 ? text : text.slice(0, slash)).split(',').map(name => name.trim())
  const stream = slash < 0 ? undefined : text.slice(slash + 1)
  if (stream !== undefined && stream !== 'main' && stream !== 'sub') {
    throw usage(`"${shown(stream)}" is no stream of a camera; it has main and sub`)
  }
  for (const name of names) {
    if (name === '') throw usage(`"${shown(text)}" names a camera without characters`)
    if (!TARGET_CHARACTERS.test(name)) throw usage(`"${shown(name)}" is not a camera id or pattern`)
  }
  return { cameras: names, stream }
}

function parseKind(text: string): Fault {
  const equals = text.indexOf('=')
  const kind = (equals < 0 ? text : text.slice(0, equals)).trim()
  const value = equals < 0 ? undefined : text.slice(equals + 1).trim()
  const plain = PLAIN.find(name => name === kind)
  if (plain) {
    if (value !== undefined) throw usage(`${kind} takes no value, but has "${shown(value)}"`)
    return { kind: plain }
  }
  const valued = WITH_VALUE.find(name => name === kind)
  if (!valued) throw usage(`"${shown(kind)}" is no fault`)
  if (value === undefined || value === '') throw usage(`${kind} needs a value`)
  switch (valued) {
    case 'answer':
      if (!/^[3-5]\d\d$/.test(value)) throw usage(`"${shown(value)}" is no RTSP status from 300 to 599`)
      return { kind: 'answer', status: Number(value) }
    case 'clock':
      return {
        kind: 'clock',
        offset: value.startsWith('-') ? -parseDuration(value.slice(1)) : parseDuration(value.replace(/^\+/, '')),
      }
    case 'lose':
      return { kind: 'lose', share: parseShare(value) }
    case 'jitter':
      return { kind: 'jitter', limit: parseDuration(value) }
  }
}

function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text)
  const share = Number(match?.[1]) / 100
  if (!match || share > 1) throw usage(`"${shown(text)}" is no share from 0% to 100%`)
  return share
}

function parseWhen(text: string): Pick<PlannedFault, 'at' | 'lasts' | 'every'> {
  const [times = '', ...options] = text.split(',')
  const [start = '', duration, ...more] = times.split('/')
  if (more.length > 0) throw usage(`"${shown(text)}" has more than one duration`)
  let every: number | undefined
  for (const option of options) {
    const match = /^\s*every=(.+)$/.exec(option)
    if (!match || every !== undefined) throw usage(`"${shown(option)}" is not every=PERIOD`)
    every = parseDuration(match[1]!)
    if (every < 1) throw usage('a period must be 1 ms at least')
  }
  // `@/5s`: now, for five seconds.
  const at = start === '' && duration !== undefined ? undefined : parseDuration(start)
  if (at === undefined && every !== undefined) throw usage('a fault that comes back needs the time of the first')
  return { at, lasts: duration === undefined ? undefined : parseDuration(duration), every }
}

function formatKind(fault: Fault): string {
  switch (fault.kind) {
    case 'answer':
      return `answer=${fault.status}`
    case 'clock':
      return `clock=${fault.offset}ms`
    case 'lose':
      return `lose=${Number((fault.share * 100).toFixed(6))}%`
    case 'jitter':
      return `jitter=${fault.limit}ms`
    default:
      return fault.kind
  }
}

function usage(message: string): VmsError {
  return new VmsError('VMS_E_USAGE', message, { hint: HINT })
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
