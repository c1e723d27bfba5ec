import type { LiveRegistry } from '../registry/registry.ts'
import type { StreamKey } from '../types.ts'
import type { Keep } from './keeps.ts'

const nameOf = ({ camera, stream }: StreamKey) => `${camera}/${stream}`

/** What people said is to be kept up: in memory, and on disk for the daemon that comes next. */
export class KeepBook {
  readonly #registry: LiveRegistry
  readonly #byStream: Map<string, Keep>

  constructor(registry: LiveRegistry) {
    this.#registry = registry
    this.#byStream = new Map(registry.keeps().map(keep => [nameOf(keep), keep]))
  }

  get(key: StreamKey): Keep | undefined {
    return this.#byStream.get(nameOf(key))
  }

  put(keep: Keep): void {
    this.#registry.putKeep(keep)
    this.#byStream.set(nameOf(keep), keep)
  }

  /** Whether there was one. */
  drop(key: StreamKey): boolean {
    if (!this.#byStream.delete(nameOf(key))) return false
    this.#registry.dropKeep(key)
    return true
  }

  /** Forgets those that are over at `now`, wall-clock milliseconds. */
  prune(now: number): void {
    for (const keep of this.#byStream.values()) if (keep.until !== null && keep.until <= now) this.drop(keep)
  }
}
