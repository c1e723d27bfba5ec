/** Runs work on the index in one transaction: all of it, or on an error nothing. */
export type Transact = <T>(work: () => T) => T
