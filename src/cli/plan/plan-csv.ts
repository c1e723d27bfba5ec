import { configInvalid, parseCsv } from '../../config/index.ts'
import { kindsOfTable } from '../../planning/inputs/camera-table.ts'
import type { Draft } from '../../planning/inputs/draft.ts'

/** Cameras by kind from CSV with a header. Throws VMS_E_CONFIG_INVALID with every fault, each with its row and column. */
export function draftOfCsv(text: string, shown: string): Draft {
  const { rows, faults: syntax } = parseCsv(text)
  const { kinds, faults } = kindsOfTable(rows, shown)
  const all = [...syntax, ...faults]
  if (all.length > 0)
    throw configInvalid(
      shown,
      all.map(fault => ({ file: shown, ...fault })),
    )
  return { site: new Map(), kinds }
}
