import type { createClient } from '@redis/client'

export interface RedisAddress {
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
}

export interface RedisLink {
  /** Whether commands can be sent. */
  readonly ready: boolean
  remove(keys: readonly string[]): Promise<void>
  /** Sets the fields of a hash that is gone after `life` seconds. */
  put(key: string, fields: Record<string, string>, life: number): Promise<void>
  close(): void
}

export interface RedisEvents {
  /** The connection is there, for the first time or again. */
  readonly ready: () => void
  readonly failed: (error: unknown) => void
}

const CONNECT_LIMIT = 5_000
/** Milliseconds without a byte after which it counts as away; it is asked for a sign of life well before. */
const SILENCE_LIMIT = 8_000
const SIGN_OF_LIFE = 3_000
/** Milliseconds between two tries to connect, at most. */
const LONGEST_PAUSE = 5_000

/** A connection to Redis that comes back by itself, as long as it takes. The library is loaded here and only here. */
export function openRedis({ url, username, password }: RedisAddress, events: RedisEvents): RedisLink {
  let client: ReturnType<typeof createClient> | undefined
  let closed = false
  const open = async () => {
    const library = await import('@redis/client')
    if (closed) return
    client = library.createClient({
      url,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      // What cannot be said now is said anew later, all of it.
      disableOfflineQueue: true,
      pingInterval: SIGN_OF_LIFE,
      socket: {
        connectTimeout: CONNECT_LIMIT,
        socketTimeout: SILENCE_LIMIT,
        reconnectStrategy: tries => Math.min(LONGEST_PAUSE, 100 * 2 ** Math.min(tries, 10)),
      },
    })
    client.on('ready', events.ready)
    client.on('error', events.failed)
    await client.connect()
  }
  void open().catch(events.failed)
  return {
    get ready() {
      return client?.isReady ?? false
    },
    remove: async keys => void (await client?.del([...keys])),
    put: async (key, fields, life) => void (await client?.multi().hSet(key, fields).expire(key, life).exec()),
    close: () => {
      closed = true
      if (client?.isOpen) client.destroy()
    },
  }
}
