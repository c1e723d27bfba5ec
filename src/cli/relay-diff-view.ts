import { plural } from '../config/yaml.ts'
import { redactText } from '../kernel/redact.ts'
import { interrupted, type RelayDiff } from '../streaming/mediamtx/change/diff.ts'

/** What `mediamtx diff` and `apply` print: one line a change, and whom it interrupts. */
export function renderDiff(diff: RelayDiff): string {
  const value = (given: unknown) => redactText(JSON.stringify(given) ?? 'nothing')
  return [
    ...diff.removed.map(name => `- ${name}`),
    ...diff.added.map(name => `+ ${name}`),
    ...diff.changed.flatMap(({ name, keys }) =>
      keys.map(({ key, from, to }) => `~ ${name}  ${key}: ${value(from)} -> ${value(to)}`),
    ),
    ...diff.server.map(
      change => `! ${change.key}: ${value(change.from)} -> ${value(change.to)}  interrupts ${interrupted(change)}`,
    ),
  ].join('\n')
}

/** The first line: what differs, in numbers. */
export function diffAnswer({ added, changed, removed, server, foreign }: RelayDiff): string {
  const paths = added.length + changed.length + removed.length
  const others =
    foreign.length === 0 ? '' : ` ${plural(foreign.length, 'other path is', 'other paths are')} not ours and stay.`
  if (paths + server.length === 0) return `No difference.${others}`
  return `${plural(paths, 'path differs', 'paths differ')} (${added.length} new, ${changed.length} changed, ${removed.length} gone), and ${plural(server.length, 'setting')} of the whole server.${others}`
}
