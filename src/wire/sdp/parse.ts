import type { Track } from '../track.ts'
import { splitAttribute } from './attributes.ts'
import { readCodecParameters } from './codec-parameters.ts'
import { SDP_LIMITS, type SessionDescription } from './description.ts'
import { Notes, type SdpLine, splitLines } from './lines.ts'
import { type MediaSection, readTrack } from './media-section.ts'

/**
 * Reads a session description (RFC 8866) as cameras write it: lines missing, in the wrong order or doubled, junk in front.
 * Never throws; what makes no sense is left out, and `notes` says so.
 */
export function parseSdp(body: Uint8Array | string): SessionDescription {
  const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')
  const notes = new Notes()
  const lines = splitLines(text, notes)
  const { session, media } = sections(lines, notes)
  const speakers = backChannels(media)
  const tracks = distinct(
    media.flatMap((section, index) => {
      if (!speakers.has(section)) return readTrack(section, index, notes) ?? []
      notes.add(`Media section ${index + 1} (audio) is the way to the camera's loudspeaker and is set aside.`)
      return []
    }),
    notes,
  )
  const value = (type: string) => session.find(line => line.type === type)?.value
  const attributes = session.filter(line => line.type === 'a').map(line => splitAttribute(line.value))
  const attribute = (name: string) => attributes.find(([known]) => known === name)?.[1]
  if (lines.length > 0 && value('v') === undefined) notes.add('The description has no v= line.')
  if (media.length === 0) notes.add('The description has no media section.')
  return {
    origin: value('o') ?? '',
    name: value('s') ?? '',
    control: attribute('control') ?? '',
    range: attribute('range'),
    tracks,
    parameters: tracks.map(track => readCodecParameters(track, notes)),
    notes: notes.list(),
  }
}

/** Session-level lines, and media sections. Session lines that come behind a media section belong to the session still. */
function sections(lines: readonly SdpLine[], notes: Notes): { session: SdpLine[]; media: MediaSection[] } {
  const session: SdpLine[] = []
  const media: { media: string; lines: SdpLine[] }[] = []
  for (const line of lines) {
    const current = media[media.length - 1]
    if (line.type === 'm') {
      if (media.length === SDP_LIMITS.media) {
        notes.add(`The description has more than ${SDP_LIMITS.media} media sections; the rest is not read.`)
        break
      }
      media.push({ media: line.value, lines: [] })
    } else if (current && !'vost'.includes(line.type)) current.lines.push(line)
    else session.push(line)
  }
  return { session, media }
}

/**
 * The audio that a client would send to the camera (ONVIF streaming specification, back channel): `sendonly` beside another
 * section that is `recvonly`, which shows that the directions are the client's. Set up as a source it would stay silent.
 */
function backChannels(media: readonly MediaSection[]): ReadonlySet<MediaSection> {
  const has = ({ lines }: MediaSection, direction: string) =>
    lines.some(({ type, value }) => type === 'a' && value.toLowerCase() === direction)
  if (!media.some(section => has(section, 'recvonly'))) return new Set()
  return new Set(media.filter(section => /^audio\s/i.test(section.media) && has(section, 'sendonly')))
}

/** Without tracks that repeat an earlier one: the same control URL would be set up twice. */
function distinct(tracks: readonly Track[], notes: Notes): Track[] {
  const seen = new Set<string>()
  return tracks.filter(track => {
    if (track.control === '' || track.control === '*') return true
    if (seen.has(track.control)) {
      notes.add(`Media section ${track.index + 1} has the control of an earlier one and is set aside.`)
      return false
    }
    seen.add(track.control)
    return true
  })
}
