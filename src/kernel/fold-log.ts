import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

interface Fold {
  readonly level: Level
  readonly fields: object
  readonly message: string
  readonly target: Logger
  count: number
}

/** Milliseconds in which a repeated line is said once. */
const PERIOD = 1_000
/** Different lines remembered at once; beyond it lines pass unfolded. */
const LIMIT = 1_000

/**
 * A logger that says a line at once and gathers its repeats (same level, camera, worker and message): they come out a second
 * later as one line, the newest, with `repeated`. So one camera in trouble, or a bug in a loop, cannot flood the log.
 */
export function foldRepeats(logger: Logger, clock: Clock): Logger {
  const folds = new Map<string, Fold>()
  const wrap = (target: Logger, scope: object): Logger => {
    const say = (level: Level, fields: object, message: string) => {
      const { camera, worker } = { ...scope, ...fields } as { camera?: unknown; worker?: unknown }
      const key = `${level} ${String(camera)} ${String(worker)} ${message}`
      const fold = folds.get(key)
      if (fold) {
        folds.set(key, { level, fields, message, target, count: fold.count + 1 })
        return
      }
      target[level](fields, message)
      if (folds.size >= LIMIT) return
      folds.set(key, { level, fields, message, target, count: 0 })
      clock.after(PERIOD, () => flush(key)).unref()
    }
    return {
      debug: (fields, message) => say('debug', fields, message),
      info: (fields, message) => say('info', fields, message),
      warn: (fields, message) => say('warn', fields, message),
      error: (fields, message) => say('error', fields, message),
      child: fields => wrap(target.child(fields), { ...scope, ...fields }),
    }
  }
  const flush = (key: string) => {
    const fold = folds.get(key)
    folds.delete(key)
    if (!fold || fold.count === 0) return
    fold.target[fold.level]({ ...fold.fields, repeated: fold.count }, fold.message)
    // It goes on: keep folding, so that an endless loop says one line a second.
    folds.set(key, { ...fold, count: 0 })
    clock.after(PERIOD, () => flush(key)).unref()
  }
  return wrap(logger, {})
}
