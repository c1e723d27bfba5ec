import type { StreamRole } from '../frame.ts'
import type { StreamRef } from './protocol.ts'

/** Which streams the daemons want up: each connection its own set, and together what any of them wants. */
export class StreamHolds {
  readonly #sets = new Map<object, ReadonlySet<string>>()

  /** What the daemon behind `connection` wants, in place of what it wanted before. */
  set(connection: object, streams: readonly StreamRef[]): void {
    this.#sets.set(connection, new Set(streams.map(({ camera, stream }) => nameOf(camera, stream))))
  }

  /** The connection is over. False when it held nothing. */
  lose(connection: object): boolean {
    return this.#sets.delete(connection)
  }

  includes(camera: string, stream: StreamRole): boolean {
    const name = nameOf(camera, stream)
    return [...this.#sets.values()].some(set => set.has(name))
  }
}

function nameOf(camera: string, stream: StreamRole): string {
  return `${camera}/${stream}`
}
