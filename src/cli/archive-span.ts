import { VmsError } from '../kernel/errors.ts'
import { formatInstant, type InstantContext, parseInstant } from '../kernel/instant.ts'
import type { Interval } from '../recording/types.ts'

/**
 * The span that --from and --to mean; what is left out is `fallback`, from and to. Throws VMS_E_USAGE for texts that are no
 * times, a span that ends before it begins, and one that begins in the future.
 */
export function spanOf(
  flags: { readonly from?: string | undefined; readonly to?: string | undefined },
  context: InstantContext,
  fallback: readonly [from: string, to: string] = ['-24h', 'now'],
): Interval {
  const start = parseInstant(flags.from ?? fallback[0], context)
  const end = parseInstant(flags.to ?? fallback[1], context)
  const shown = (at: number) => formatInstant(at, context.timezone)
  const problem =
    end <= start
      ? `the span ends (${shown(end)}) before it begins (${shown(start)})`
      : start >= context.now
        ? `the span begins in the future: ${shown(start)}`
        : undefined
  if (problem !== undefined) throw new VmsError('VMS_E_USAGE', problem, { hint: `It is ${shown(context.now)} here.` })
  return { start, end }
}
