import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'

/** Arguments and flags of commands that look at cameras' time. */
export const archiveArgs = { camera: argument({ description: 'cameras by id; all by default', required: false }) }
export const archiveFlags = {
  from: string({
    description: 'begin, like "yesterday 14:00", -2h or RFC 3339; in the zone of the site (default: -24h)',
  }),
  to: string({ description: 'end (default: now)' }),
  group: string({ char: 'g', description: 'the cameras of this group' }),
}
