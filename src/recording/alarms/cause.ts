import { isIPv4, isIPv6 } from 'node:net'
import type { GapReason } from '../types.ts'
import type { AlarmRule } from './types.ts'

type Cause = 'network' | 'camera' | 'disk' | 'node' | 'unknown'

/** Reasons that one broken thing gives to many cameras, one after the other: a dead switch is first silence, then no route. */
const CAUSES: Readonly<Partial<Record<GapReason, Cause>>> = {
  unreachable: 'network',
  stalled: 'network',
  disconnected: 'network',
  'no-video': 'network',
  refused: 'camera',
  unauthorized: 'camera',
  unsupported: 'camera',
  'clock-step': 'camera',
  'disk-full': 'disk',
  'disk-error': 'disk',
  'frames-dropped': 'disk',
  'node-down': 'node',
  starting: 'node',
}

/**
 * What alarms have in common that are told in one message: the rule, the class of the reason, and for causes outside of this
 * machine the network of the camera: /24 of an IPv4 address, /64 of an IPv6 one; names of hosts tell nothing.
 */
export function groupOf(rule: AlarmRule, reason: GapReason | null, host: string | null): string {
  const cause = (reason && CAUSES[reason]) ?? 'unknown'
  const network = cause === 'disk' || cause === 'node' ? null : networkOf(host)
  return `${rule}|${cause}|${network ?? ''}`
}

/** The network that a host's address lies in; null for names. */
export function networkOf(host: string | null): string | null {
  if (host === null) return null
  const address = host.replace(/^\[|\]$/g, '')
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(address)) return null
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) while (groups.length + rest.length < 8) groups.push('0')
  const first = [...groups, ...rest].slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}
