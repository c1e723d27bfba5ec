import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

/** A line that is said at most once in a while, and its newest repeat, if that has not been said. */
interface Fold {
  repeat: (() => void) | undefined
  count: number
  /** It has come again since somebody last looked. */
  busy: boolean
}

/** Milliseconds in which a repeated line is said once. */
const PERIOD = 1_000
/** Different lines remembered at once; beyond it lines pass unfolded. */
const LIMIT = 1_000

/**
 * A logger that says a line at once and gathers its repeats (same level, camera, worker and message): they come out a second
 * later as one line, the newest, with `repeated`. So one camera in trouble, or a bug in a loop, cannot flood the log. Of one
 * camera, or worker, lines stay in the order in which they came: a repeat is said before another line would overtake it.
 */
export function foldRepeats(logger: Logger, clock: Clock): Logger {
  /** By camera and worker; of each those last that came last. */
  const subjects = new Map<string, Map<string, Fold>>()
  let size = 0

  const wrap = (target: Logger, scope: object): Logger => {
    const say = (level: Level, fields: object, message: string) => {
      const { camera, worker } = { ...scope, ...fields } as { camera?: unknown; worker?: unknown }
      const subject = `${String(camera)} ${String(worker)}`
      const lines = subjects.get(subject) ?? new Map<string, Fold>()
      const key = `${level} ${message}`
      const fold = lines.get(key)
      if (fold) {
        fold.count++
        fold.busy = true
        fold.repeat = () => target[level]({ ...fields, repeated: fold.count }, message)
        lines.delete(key)
        lines.set(key, fold)
        return
      }
      sayRepeats(lines)
      target[level](fields, message)
      if (size >= LIMIT) return
      size++
      subjects.set(subject, lines.set(key, { repeat: undefined, count: 0, busy: false }))
      clock.after(PERIOD, () => look(subject, key)).unref()
    }
    return {
      debug: (fields, message) => say('debug', fields, message),
      info: (fields, message) => say('info', fields, message),
      warn: (fields, message) => say('warn', fields, message),
      error: (fields, message) => say('error', fields, message),
      child: fields => wrap(target.child(fields), { ...scope, ...fields }),
    }
  }

  /** Says what a line has gathered. While it goes on it stays folded, so that an endless loop says one line a second. */
  const look = (subject: string, key: string) => {
    const lines = subjects.get(subject)
    const fold = lines?.get(key)
    if (!lines || !fold) return
    sayRepeats(lines)
    if (fold.busy) {
      fold.busy = false
      clock.after(PERIOD, () => look(subject, key)).unref()
      return
    }
    size--
    lines.delete(key)
    if (lines.size === 0) subjects.delete(subject)
  }
  return wrap(logger, {})
}

function sayRepeats(lines: ReadonlyMap<string, Fold>): void {
  for (const fold of lines.values()) {
    fold.repeat?.()
    fold.repeat = undefined
    fold.count = 0
  }
}
