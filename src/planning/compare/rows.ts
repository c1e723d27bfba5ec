import type { CompareRow } from './types.ts'

const ROWS: readonly CompareRow[] = [
  { id: 'ingest.recording.day', name: 'ingest, recording, by day', unit: 'bit/s' },
  { id: 'ingest.recording.night', name: 'ingest, recording, at night', unit: 'bit/s' },
  { id: 'ingest.viewing', name: 'ingest, viewing', unit: 'bit/s' },
  { id: 'uplink', name: 'uplinks to the centre, at night', unit: 'bit/s' },
  { id: 'relay.out', name: 'from the centre to viewers', unit: 'bit/s' },
  { id: 'streams', name: 'sub-streams that run', unit: 'streams' },
  { id: 'cpu.recording', name: 'recording CPU', unit: 'cores' },
  { id: 'cpu.relay', name: 'relay CPU', unit: 'cores' },
  { id: 'cpu.transcoding', name: 'transcoding CPU', unit: 'cores' },
  { id: 'cards', name: 'cards', unit: 'pieces' },
  { id: 'disk.write', name: 'written to disks', unit: 'bytes/s' },
  { id: 'storage.raw', name: 'storage', unit: 'bytes' },
  { id: 'disks', name: 'disks', unit: 'pieces' },
  { id: 'nodes', name: 'nodes', unit: 'pieces' },
  { id: 'power', name: 'power', unit: 'watts' },
  { id: 'cost.once', name: 'to buy', unit: 'money' },
  { id: 'cost.yearly', name: 'energy a year', unit: 'money' },
]

/** What architectures are compared by, in the order of the table; the bill covers so many years. */
export function rowsOf(years: number): readonly CompareRow[] {
  const name = `cost over ${years === 1 ? '1 year' : `${years} years`}`
  return [...ROWS, { id: 'cost.total', name, unit: 'money' }]
}
