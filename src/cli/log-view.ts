import type { LogLine } from '../daemon/types.ts'
import { redactText } from '../kernel/redact.ts'
import type { Palette } from './palette.ts'

/** `2026-11-23 14:02:07.120  warn  worker-0  gate-1  connection lost  reason="reset"`; local time. */
export function formatLogLine(line: LogLine, palette: Palette): string {
  const paint = { debug: palette.dim, info: (text: string) => text, warn: palette.warning, error: palette.bad }[
    line.level
  ]
  const fields = Object.entries(line.fields)
    .filter(([name, value]) => name !== 'slot' && value !== undefined)
    .map(([name, value]) =>
      palette.dim(`${name}=${typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value)}`),
    )
  const parts = [
    palette.dim(stamp(line.time)),
    paint(line.level.padEnd(5)),
    line.source.padEnd(8),
    line.camera ?? '',
    paint(line.message),
    ...fields,
  ]
  return redactText(parts.filter(part => part !== '').join('  '))
}

function stamp(wall: number | null): string {
  if (wall === null) return '-'
  const time = new Date(wall)
  const pad = (value: number, width = 2) => String(value).padStart(width, '0')
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  return `${date} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`
}
