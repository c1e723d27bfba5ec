import { existsSync } from 'node:fs'
import type { AlarmsConfig, AlarmTarget } from '../../config/types.ts'
import { timeOrderedId } from '../../kernel/ids.ts'
import { type AlarmSite, alarmLetter } from './letter.ts'
import { Outbox } from './outbox.ts'
import { Postman, type PostmanOptions } from './postman.ts'
import { type SendContext, sendAlarm } from './send.ts'
import { type AlarmState, raisedAlarms, stepAlarms } from './step.ts'
import { AlarmStore } from './store.ts'
import type { AlarmMessage, Observations, RaisedAlarm } from './types.ts'

/** Messages that may wait for one target. */
const QUEUE = 1_000

export interface AlarmsOptions extends Omit<PostmanOptions, 'outbox'> {
  /** File of alarms and of messages that wait; made where there is none. */
  readonly path: string
  readonly site: AlarmSite
  readonly settings: AlarmsConfig
}

/**
 * The alarms of a site: looks at what is observed, tells what changed, and remembers both over restarts. One for a file at a time:
 * the daemon's. Throws VMS_E_STATE_DIRECTORY when the file cannot be used.
 */
export class Alarms {
  readonly #options: AlarmsOptions
  readonly #store: AlarmStore
  readonly #outbox: Outbox
  #trouble: string | null = null
  #settings: AlarmsConfig
  #site: AlarmSite
  #state: AlarmState
  #postmen: Map<string, Postman>

  constructor(options: AlarmsOptions) {
    this.#options = options
    this.#settings = options.settings
    this.#site = options.site
    this.#store = new AlarmStore(options.path, QUEUE)
    this.#outbox = new Outbox(this.#store, QUEUE)
    this.#state = this.#store.load()
    this.#postmen = this.#hire()
    this.#wake()
  }

  /** One look, at wall-clock time `now` (milliseconds); every few seconds. Returns at once, whatever the targets do. */
  observe(observed: Observations, now: number): void {
    const { state, messages } = stepAlarms(this.#state, observed, this.#settings, now)
    this.#state = state
    const posts = messages.flatMap(message => this.#posts(message))
    const { lost, trouble } = this.#outbox.save(state, posts)
    const { log } = this.#options
    for (const [target, count] of lost) log.error({ target, lost: count }, 'oldest alarms dropped: too many wait')
    if (trouble !== this.#trouble && trouble !== null) log.error({ trouble }, 'alarms cannot be stored: kept in memory')
    this.#trouble = trouble
    if (posts.length > 0) this.#wake()
  }

  /** What is wrong now, the oldest first. */
  raised(): RaisedAlarm[] {
    return raisedAlarms(this.#state)
  }

  /** Takes a changed configuration over. */
  async configure(site: AlarmSite, settings: AlarmsConfig): Promise<void> {
    const before = this.#postmen
    this.#site = site
    this.#settings = settings
    this.#postmen = new Map()
    await Promise.all([...before.values()].map(postman => postman.close()))
    this.#postmen = this.#hire()
    this.#wake()
  }

  /** What waits to be delivered is delivered after the next start. */
  async close(): Promise<void> {
    await Promise.all([...this.#postmen.values()].map(postman => postman.close()))
    this.#store.close()
  }

  #posts(message: AlarmMessage) {
    const id = timeOrderedId(message.at, this.#options.random)
    const letter = alarmLetter(id, message, this.#site)
    return this.#settings.targets.map(({ name }) => ({ target: name, id, at: message.at, letter }))
  }

  #hire(): Map<string, Postman> {
    const { targets } = this.#settings
    this.#outbox.keepTargets(targets.map(({ name }) => name))
    const options = { ...this.#options, outbox: this.#outbox }
    return new Map(targets.map(target => [target.name, new Postman(target, options)]))
  }

  #wake(): void {
    for (const postman of this.#postmen.values()) postman.wake()
  }
}

/** What is wrong now by the file of alarms, for those who are not the daemon; nothing where no daemon has looked yet. */
export function readRaised(path: string): RaisedAlarm[] {
  if (!existsSync(path)) return []
  const store = new AlarmStore(path, QUEUE)
  try {
    return raisedAlarms(store.load())
  } finally {
    store.close()
  }
}

/** Sends a test message to one target, once. Rejects like {@link sendAlarm}. */
export function sendTest(
  target: AlarmTarget,
  site: AlarmSite,
  context: SendContext & { readonly random: () => number },
  signal?: AbortSignal,
): Promise<void> {
  const at = context.clock.wall()
  const id = timeOrderedId(at, context.random)
  const message: AlarmMessage = { kind: 'test', rule: null, at, network: null, alarms: [] }
  return sendAlarm(target, id, alarmLetter(id, message, site), context, signal)
}
