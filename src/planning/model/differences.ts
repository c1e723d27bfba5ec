import type { PlanResult } from './types.ts'

/** Parts of a plan that follow from its inputs. */
const COMPUTED = [
  'cameras',
  'figures',
  'watched',
  'disks',
  'nodes',
  'encoder',
  'power',
  'bill',
  'limits',
  'most',
] as const

/** Numbers and words in which a plan is not what stands in a file: `figures[3].p95: 1 in the file, 2 now`. */
export function differencesOf(file: Readonly<Record<string, unknown>>, plan: PlanResult): string[] {
  const found: string[] = []
  for (const part of COMPUTED) compare(part, file[part], plan[part], found)
  return found
}

function compare(place: string, before: unknown, now: unknown, found: string[]): void {
  if (Object.is(before, now) || before === now) return
  if (typeof before === 'object' && typeof now === 'object' && before !== null && now !== null) {
    const list = Array.isArray(now)
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const [a, b] = [(before as Record<string, unknown>)[key], (now as Record<string, unknown>)[key]]
      compare(list ? `${place}[${key}]` : `${place}.${key}`, a, b, found)
    }
    return
  }
  found.push(`${place}: ${JSON.stringify(before) ?? 'nothing'} in the file, ${JSON.stringify(now) ?? 'nothing'} now`)
}
