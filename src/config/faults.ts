import { VmsError } from '../kernel/errors.ts'
import { redactText } from '../kernel/redact.ts'

/** Something wrong, or (as a warning) unwise, at a place of the configuration file. Never holds a secret. */
export interface ConfigFault {
  /** As it is shown: relative to the working directory where it lies below it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  readonly message: string
  /** What would be right. */
  readonly hint?: string
}

export type ConfigWarning = ConfigFault

/** More faults than this are counted and not listed: they come from one cause, and nobody reads them. */
const LISTED_FAULTS = 100

/** `vms.yaml:3:5: "mian" is not a key of a camera -> did you mean "main"?` */
export function formatFault(fault: ConfigFault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`
  return `${place}: ${fault.message}${fault.hint === undefined ? '' : ` -> ${fault.hint}`}`
}

/** One error for all faults: a first line with the count, then one line a fault; the list itself stands in `details.faults`. */
export function configInvalid(file: string, faults: readonly ConfigFault[]): VmsError {
  const sorted = [...faults].sort((a, b) => a.line - b.line || a.column - b.column)
  const listed = sorted.slice(0, LISTED_FAULTS)
  const lines = listed.map(formatFault)
  if (sorted.length > listed.length) lines.push(`and ${sorted.length - listed.length} more like these`)
  const message = lines.length === 1 ? lines[0]! : [`${sorted.length} faults in ${file}`, ...lines].join('\n')
  return new VmsError('VMS_E_CONFIG_INVALID', redactText(message), {
    details: { file, count: sorted.length, faults: listed.map(fault => ({ ...fault })) },
  })
}

/** A fault of the file as a whole (too large, not text), shown at its first character. */
export function wholeFileFault(file: string, message: string, hint?: string): VmsError {
  return configInvalid(file, [{ file, line: 1, column: 1, message, ...(hint === undefined ? {} : { hint }) }])
}

/** `text` in quotes for a message: short, on one line, and without the user info of a URL. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return JSON.stringify(redactText(short))
}

/** A key in quotes; what follows a colon is cut off, since `password:secret` without a space is one long key. */
export function quoteKey(key: string): string {
  return quote(key.split(':', 1)[0] ?? '')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
