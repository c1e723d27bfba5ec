import type { StreamStatus } from '../../media/worker/protocol.ts'
import type { StreamEvent, StreamState } from './state.ts'

/** What a worker said of a stream, and when: monotonic milliseconds. */
export interface Said {
  readonly status: Pick<StreamStatus, 'state' | 'readers'>
  readonly at: number
}

/** What follows for a stream from the word of its worker; nothing, where that is older than what we believe. Pure. */
export function compareWithWorker({ phase, turn }: StreamState, said: Said | undefined): StreamEvent | undefined {
  if (!said || phase.name === 'idle' || said.at <= phase.since) return undefined
  const plays = said.status.state === 'playing'
  switch (phase.name) {
    case 'starting':
      return undefined
    case 'stopping':
      // Others may read it without us: then it is theirs.
      return !plays || said.status.readers > 0 ? { type: 'gone' } : undefined
    case 'failed':
      // A camera that came back is not waited for until the next try.
      return plays ? { type: 'up', turn } : undefined
    case 'running':
    case 'lingering':
      return plays ? undefined : { type: 'lost' }
  }
}
