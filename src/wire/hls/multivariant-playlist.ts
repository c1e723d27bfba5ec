import { decimal } from './decimal.ts'
import type { HlsVariant } from './types.ts'

/** The text of a multivariant playlist (RFC 8216bis section 4.4.6): what there is, and what a player must be able to decode. */
export function writeMultivariantPlaylist(variants: readonly HlsVariant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9']
  for (const variant of variants) lines.push(`#EXT-X-STREAM-INF:${attributes(variant).join(',')}`, variant.uri)
  return `${lines.join('\n')}\n`
}

function attributes({ bandwidth, averageBandwidth, codecs, resolution, frameRate }: HlsVariant): string[] {
  const list = [`BANDWIDTH=${Math.ceil(bandwidth)}`, `AVERAGE-BANDWIDTH=${Math.ceil(averageBandwidth)}`]
  if (codecs.length > 0) list.push(`CODECS="${codecs.join(',')}"`)
  if (resolution) list.push(`RESOLUTION=${resolution[0]}x${resolution[1]}`)
  if (frameRate !== undefined) list.push(`FRAME-RATE=${decimal(frameRate)}`)
  return list
}
