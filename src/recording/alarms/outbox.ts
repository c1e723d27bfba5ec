import { messageOf } from '../../kernel/errors.ts'
import type { AlarmState } from './step.ts'
import type { AlarmStore, Post, Waiting } from './store.ts'

/**
 * What waits to be delivered. It stands in the store; where the store refuses (its disk is full, which is what an alarm may be
 * about) it waits in memory, and is stored as soon as that can be.
 */
export class Outbox {
  readonly #store: AlarmStore
  readonly #limit: number
  #unsaved: readonly Post[] = []
  /** Turns up to which each target has got what the store holds, where the store could not be told. */
  readonly #delivered = new Map<string, number>()

  /** `limit`: messages that may wait in memory. */
  constructor(store: AlarmStore, limit: number) {
    this.#store = store
    this.#limit = limit
  }

  /**
   * Stores a state and the messages that follow from it. Gives how many a full queue lost, by target, and why it could not be
   * stored; null when it was. The state is then to be given again, as it will be anyway with the next look.
   */
  save(state: AlarmState, posts: readonly Post[]): { lost: ReadonlyMap<string, number>; trouble: string | null } {
    const all = [...this.#unsaved, ...posts]
    try {
      const lost = this.#store.save(state, all)
      this.#unsaved = []
      return { lost, trouble: null }
    } catch (error) {
      this.#unsaved = all.slice(-this.#limit)
      return { lost: new Map(), trouble: messageOf(error) }
    }
  }

  /** The oldest message that a target has not got. Throws when the store cannot be read. */
  next(target: string): Waiting | undefined {
    const stored = this.#store.next(target, this.#delivered.get(target))
    return stored ?? this.#unsaved.find(post => post.target === target)
  }

  /** A target has got what {@link next} gave. Does not throw: what the store cannot be told is remembered here. */
  done(target: string, waiting: Waiting): void {
    this.#unsaved = this.#unsaved.filter(post => post.target !== target || post.id !== waiting.id)
    try {
      this.#store.done(target, waiting)
    } catch {
      if (waiting.turn !== undefined) this.#delivered.set(target, waiting.turn)
    }
  }

  /** Forgets what waits for targets that are not there any more, if the store lets it. */
  keepTargets(names: readonly string[]): void {
    this.#unsaved = this.#unsaved.filter(({ target }) => names.includes(target))
    try {
      this.#store.keepTargets(names)
    } catch {
      // It lies there until the next time; nobody delivers it.
    }
  }
}
