/** What a player makes of a media playlist: read here on its own, by the RFC alone. */
export interface ReadPlaylist {
  readonly targetDuration: number
  readonly partTarget: number
  readonly hint: string
  readonly segments: readonly ReadSegment[]
}

interface ReadSegment {
  readonly sequence: number
  readonly discontinuitySequence: number
  /** Undefined: it is being made. */
  readonly uri: string | undefined
  readonly duration: number | undefined
  readonly map: string
  readonly wall: number
  readonly parts: readonly { readonly uri: string; readonly duration: number; readonly independent: boolean }[]
}

export function readPlaylist(text: string): ReadPlaylist {
  const number = (tag: string) => Number(new RegExp(`^#EXT-X-${tag}[:A-Z-]*[:=](\\d+(\\.\\d+)?)$`, 'm').exec(text)![1])
  const segments: ReadSegment[] = []
  let sequence = number('MEDIA-SEQUENCE')
  let discontinuitySequence = number('DISCONTINUITY-SEQUENCE')
  let map = ''
  let wall = 0
  let duration: number | undefined
  let parts: ReadSegment['parts'][number][] = []
  const take = (uri: string | undefined) => {
    segments.push({ sequence: sequence++, discontinuitySequence, uri, duration, map, wall, parts })
    duration = undefined
    parts = []
  }
  for (const line of text.split('\n').slice(1)) {
    const [, tag = '', value = ''] = /^#(EXT[A-Z-]*):?(.*)$/.exec(line) ?? []
    if (tag === 'EXT-X-DISCONTINUITY') discontinuitySequence++
    else if (tag === 'EXT-X-MAP') map = /"(.*)"/.exec(value)![1]!
    else if (tag === 'EXT-X-PROGRAM-DATE-TIME') wall = Date.parse(value)
    else if (tag === 'EXTINF') duration = Number(value.slice(0, -1))
    else if (tag === 'EXT-X-PART') {
      const [, length, uri] = /^DURATION=([\d.]+),URI="(.*?)"/.exec(value)!
      parts.push({ uri: uri!, duration: Number(length), independent: value.endsWith('INDEPENDENT=YES') })
    } else if (tag === '' && line !== '') take(line)
  }
  if (parts.length > 0) take(undefined)
  const hint = /PRELOAD-HINT:TYPE=PART,URI="(.*)"/.exec(text)![1]!
  return { targetDuration: number('TARGETDURATION'), partTarget: number('PART-INF'), hint, segments }
}
