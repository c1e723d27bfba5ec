import { formatInstant } from '../../kernel/instant.ts'
import { messageText } from './text.ts'
import type { AlarmMessage } from './types.ts'

/** The site that alarms are of. */
export interface AlarmSite {
  readonly name: string
  readonly timezone: string
}

/**
 * A message as commands and webhooks get it: JSON. `id` is the same in every try, so that a receiver can tell a repeat. Times are
 * RFC 3339 in the zone of the site.
 */
export function alarmLetter(id: string, message: AlarmMessage, site: AlarmSite): string {
  const time = (at: number) => formatInstant(at, site.timezone)
  return JSON.stringify({
    version: 1,
    id,
    site: site.name,
    kind: message.kind,
    rule: message.rule,
    at: time(message.at),
    text: messageText(message, site.timezone),
    network: message.network,
    alarms: message.alarms.map(({ rule: _, told: __, since, ...alarm }) => ({ ...alarm, since: time(since) })),
  })
}
