import type { CoveragePiece } from '../types.ts'
import { isLost } from './summary.ts'

/**
 * How a piece is shown: recorded; lost for the camera's sake or this machine's (a person who deleted it among it); not wanted;
 * gone as planned.
 */
export type CoverageKind = 'recorded' | 'camera' | 'machine' | 'off' | 'expired'

const MACHINE: ReadonlySet<CoveragePiece['state']> = new Set([
  'disk-full',
  'disk-error',
  'node-down',
  'starting',
  'frames-dropped',
  'deleted',
])

export function kindOf(piece: CoveragePiece): CoverageKind {
  if (piece.state === 'recorded' || piece.state === 'expired') return piece.state
  if (!isLost(piece)) return 'off'
  return MACHINE.has(piece.state) ? 'machine' : 'camera'
}

/** Milliseconds of each kind in one cell of a strip. */
export type CoverageCell = Record<CoverageKind, number>

/** `pieces` in cells between neighbouring `edges`, which ascend. Linear. */
export function coverageCells(pieces: readonly CoveragePiece[], edges: readonly number[]): CoverageCell[] {
  const cells: CoverageCell[] = []
  let first = 0
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i]!, edges[i + 1]!]
    const cell = { recorded: 0, camera: 0, machine: 0, off: 0, expired: 0 }
    while (first < pieces.length && pieces[first]!.end <= from) first++
    for (let at = first; at < pieces.length && pieces[at]!.start < to; at++) {
      const piece = pieces[at]!
      cell[kindOf(piece)] += Math.min(piece.end, to) - Math.max(piece.start, from)
    }
    cells.push(cell)
  }
  return cells
}

/** What a cell shows: its state, and of what should be recorded the part that is, 0 to 1. */
export function cellState(cell: CoverageCell): { readonly kind: CoverageKind | 'nothing'; readonly share: number } {
  const lost = cell.camera + cell.machine
  if (lost > 0) {
    return { kind: cell.camera >= cell.machine ? 'camera' : 'machine', share: cell.recorded / (cell.recorded + lost) }
  }
  if (cell.recorded > 0) return { kind: 'recorded', share: 1 }
  if (cell.off === 0 && cell.expired === 0) return { kind: 'nothing', share: 0 }
  return { kind: cell.off >= cell.expired ? 'off' : 'expired', share: 0 }
}
