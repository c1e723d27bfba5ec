import { formatDuration } from '../../kernel/units.ts'

const DAY = 86_400_000

/** `30 days`; shorter times as they are. */
export function retentionText(milliseconds: number): string {
  const days = milliseconds / DAY
  if (days < 2) return formatDuration(milliseconds)
  return `${Number(days.toFixed(days < 10 ? 1 : 0))} days`
}

/** `1 camera`, `1,000 cameras`. */
export function plural(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`
}

/** `12,345`. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** `20 %`. */
export function share(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`
}
