import type { LogLine } from './types.ts'

const LEVELS: Readonly<Record<number, LogLine['level']>> = {
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'error',
}

/**
 * One line of a log as pino writes it. Anything else (a crash's stack, a warning of Node) is kept as its text, at the time
 * of the line before it.
 */
export function parseLogLine(text: string, source: string, timeBefore: number | null): LogLine {
  let value: Record<string, unknown> | undefined
  if (text.startsWith('{')) {
    try {
      value = JSON.parse(text) as Record<string, unknown>
    } catch {
      // Half a line, cut by rotation.
    }
  }
  if (value === undefined || typeof value.msg !== 'string') {
    return { time: timeBefore, level: 'error', source, camera: null, message: text, fields: {} }
  }
  const { time, level, msg, camera, ...fields } = value
  return {
    time: typeof time === 'number' ? time : timeBefore,
    level: LEVELS[Number(level)] ?? 'info',
    source,
    camera: typeof camera === 'string' ? camera : null,
    message: msg,
    fields,
  }
}

/** All lines of a text, oldest first. */
export function parseLogText(text: string, source: string, timeBefore: number | null = null): LogLine[] {
  const lines: LogLine[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const parsed = parseLogLine(line, source, timeBefore)
    timeBefore = parsed.time
    lines.push(parsed)
  }
  return lines
}

/** Lines of several logs by time; those of one log keep their order. */
export function mergeLogs(logs: readonly (readonly LogLine[])[]): LogLine[] {
  return logs.flat().sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
}
