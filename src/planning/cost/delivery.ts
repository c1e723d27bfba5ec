import { storageVolume } from '../storage/volume.ts'

/** Bytes that leave a content network, and what they cost at a price for 10^9 bytes. */
export function deliveryCost(of: { viewers: number; bitrate: number; hours: number; days: number; price: number }): {
  bytes: number
  cost: number
} {
  const bytes = storageVolume({ ...of, cameras: of.viewers })
  return { bytes, cost: (bytes / 1e9) * of.price }
}
