/** Who wants a camera recorded or not, where no person does. No person has such a name in a {@link Wish}. */
export const BY_SCHEDULE = 'schedule'
export const BY_CONFIGURATION = 'configuration'
/** The camera left the configuration. */
export const BY_REMOVAL = 'removal'

/** What is wanted of a camera from an instant on. */
export interface Wish {
  readonly record: boolean
  /** The person who said so, {@link BY_SCHEDULE}, {@link BY_CONFIGURATION} or {@link BY_REMOVAL}. */
  readonly by: string
  /** Wall-clock milliseconds. */
  readonly at: number
}
