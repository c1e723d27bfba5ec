import type { DatabaseSchema } from '../database/open.ts'
import { WANTED_STATE } from './001-wanted-state.ts'

/** What is wanted of the site. What is recorded stands in the index of the archive, which can be made anew from the files. */
export const STATE_SCHEMA: DatabaseSchema = { name: 'state database', migrations: [WANTED_STATE] }
