import type { DemoFault } from './types.ts'

/**
 * The fault that struck a camera within a hole of its recording. Times are wall-clock milliseconds, null where the hole has
 * no end; `tolerance` is how far they may be off. The death of the daemon must not make a hole at all: it is named last.
 */
export function faultWithin(
  faults: readonly DemoFault[],
  camera: string,
  hole: { readonly from: number | null; readonly to: number | null },
  tolerance: number,
): DemoFault | undefined {
  const from = (hole.from ?? Number.NEGATIVE_INFINITY) - tolerance
  const to = (hole.to ?? Number.POSITIVE_INFINITY) + tolerance
  const struck = faults.filter(fault => fault.cameras.includes(camera) && fault.to >= from && fault.from <= to)
  return struck.find(fault => fault.kind !== 'daemon-killed') ?? struck[0]
}
