import { ANONYMOUS, type StreamKey, type ViewerReport } from '../types.ts'
import type { Lease } from './lease.ts'
import type { Watching } from './watching.ts'

/** Everybody who watches or is expected, the first to come first. `now` is wall-clock milliseconds. Pure. */
export function viewersOf(watching: Iterable<Watching>, leases: Iterable<Lease>, now: number): ViewerReport[] {
  const known = [...leases]
  const byToken = new Map(known.flatMap(lease => (lease.token === null ? [] : [[lease.token, lease] as const])))
  const there = [...watching].map(each => watches(each, byToken.get(each.session.token ?? '')))
  const seen = new Set(there.map(identity))
  const expected = known.filter(lease => lease.until > now && !seen.has(identity(lease))).map(expects)
  return [...there, ...expected].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
}

/** A person at a stream: whoever has two connections to it is one viewer. */
function identity({ camera, stream, user }: StreamKey & { readonly user: string }): string {
  return `${camera}/${stream}/${user}`
}

/** People among viewers of one stream. */
export function countPeople(viewers: Iterable<Pick<ViewerReport, 'user'>>): number {
  return new Set([...viewers].map(({ user }) => user)).size
}

function watches({ session, bitrate }: Watching, lease: Lease | undefined): ViewerReport {
  const { id, camera, stream, protocol, address, bytes } = session
  return {
    id,
    connection: lease?.id ?? null,
    user: session.user ?? lease?.user ?? ANONYMOUS,
    camera,
    stream,
    state: 'watching',
    protocol,
    client: lease?.client ?? session.client,
    address,
    since: session.connectedAt,
    until: null,
    bytes,
    bitrate,
  }
}

function expects({ id, user, camera, stream, since, until, protocol, client, token }: Lease): ViewerReport {
  const connection = token === null ? null : id
  const nothing = { address: null, bytes: 0, bitrate: 0 }
  return { id, connection, user, camera, stream, state: 'expected', protocol, client, since, until, ...nothing }
}
