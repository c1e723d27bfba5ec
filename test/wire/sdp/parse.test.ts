import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSdp, SDP_LIMITS, type SessionDescription } from '../../../src/wire/sdp/index.ts'

function fixture(name: string): SessionDescription {
  return parseSdp(readFileSync(new URL(`./fixtures/${name}.sdp`, import.meta.url)))
}

/** One line a track: place, kind, codec, payload type, clock, channels, control, and the parameters in short. */
function summary(description: SessionDescription): string[] {
  return description.tracks.map((track, at) => {
    const known = description.parameters[at]
    const hex = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 4)).toString('hex')
    const parameters = !known
      ? '-'
      : 'sps' in known
        ? `sps ${hex(known.sps)} pps ${known.pps.map(pps => hex(pps)).join('+')}`
        : 'config' in known
          ? `config ${hex(known.config)} ${known.sampleRate}x${known.channels}`
          : `${known.sampleRate}x${known.channels}`
    const { index, kind, encodingName, codec, payloadType, clockRate, channels, control } = track
    const format = `${encodingName}/${clockRate}/${channels}`
    return `${index} ${kind} ${codec} ${payloadType} ${format} ${control || '(none)'}: ${parameters}`
  })
}

const SPS = 'sps 674d4028 pps 68ebe3cb'
const metadata = (section: number) =>
  `Media section ${section} (application) is VND.ONVIF.METADATA, which is not decoded.`

describe('descriptions in the manner of', () => {
  it.each<[maker: string, tracks: string[], notes: string[]]>([
    [
      'hikvision',
      [
        `0 video h264 96 H264/90000/0 rtsp://10.0.0.11:554/Streaming/Channels/101/trackID=1: ${SPS}`,
        '1 audio pcma 8 PCMA/8000/1 rtsp://10.0.0.11:554/Streaming/Channels/101/trackID=2: 8000x1',
        '2 application other 107 VND.ONVIF.METADATA/90000/0 rtsp://10.0.0.11:554/Streaming/Channels/101/trackID=3: -',
      ],
      [metadata(3)],
    ],
    [
      'hikvision-h265',
      [
        '0 video h265 96 H265/90000/0 rtsp://10.0.0.12/Streaming/Channels/101/trackID=1: sps 42010101 pps 4401c172',
        '1 audio aac 104 MPEG4-GENERIC/16000/1 rtsp://10.0.0.12/Streaming/Channels/101/trackID=2: config 1408 16000x1',
      ],
      [],
    ],
    [
      'dahua',
      [
        `0 video h264 96 H264/90000/0 trackID=0: ${SPS}`,
        '1 audio aac 97 MPEG4-GENERIC/48000/1 trackID=1: config 1188 48000x1',
        '2 application other 107 VND.ONVIF.METADATA/90000/0 trackID=4: -',
      ],
      [metadata(3)],
    ],
    [
      'dahua-two-way',
      [`0 video h264 96 H264/90000/0 trackID=0: ${SPS}`, '2 audio pcma 8 PCMA/8000/1 trackID=1: 8000x1'],
      ["Media section 2 (audio) is the way to the camera's loudspeaker and is set aside."],
    ],
    [
      'axis',
      [`0 video h264 96 H264/90000/0 rtsp://10.0.0.13/axis-media/media.amp/stream=0?videocodec=h264: ${SPS}`],
      [],
    ],
    [
      'reolink',
      [
        '0 video h264 96 H264/90000/0 trackID=1: sps 674d4032 pps 68ebe3cb',
        '1 audio aac 97 MPEG4-GENERIC/16000/1 trackID=2: config 1408 16000x1',
      ],
      [],
    ],
    [
      'tplink',
      [
        `0 video h264 96 H264/90000/0 track1: ${SPS}`,
        '1 audio pcma 8 PCMA/8000/1 track2: 8000x1',
        '2 application other 95 TP-LINK/90000/0 track3: -',
      ],
      [
        'Media section 3 (application/tp-link) names no payload type on its m= line.',
        'Media section 3 (application/tp-link) is TP-LINK, which is not decoded.',
      ],
    ],
    [
      'vstarcam',
      ['0 video h264 96 H264/90000/0 track0: -', '1 audio pcma 8 PCMA/8000/1 track1: 8000x1'],
      ['sprop-parameter-sets lacks an SPS or a PPS; waiting for those in band.'],
    ],
    [
      'foscam',
      ['0 video h264 96 H264/90000/0 track1: sps 674d401e pps 68ebe3cb', '1 audio pcmu 0 PCMU/8000/1 track2: 8000x1'],
      [],
    ],
    [
      'uniview',
      [
        `0 video h264 105 H264/90000/0 rtsp://10.0.0.18/media/video1/video: ${SPS}`,
        '1 application other 107 VND.ONVIF.METADATA/90000/0 rtsp://10.0.0.18/media/video1/metadata: -',
      ],
      [metadata(2)],
    ],
    ['live555', ['0 video h265 96 H265/90000/0 track1: sps 42010101 pps 4401c172'], []],
    [
      'gstreamer',
      [
        '0 video h264 96 H264/90000/0 stream=0: sps 6742c01e pps 68ce3c80',
        '1 audio aac 97 MPEG4-GENERIC/48000/2 stream=1: config 1190 48000x2',
      ],
      [],
    ],
    [
      'mediamtx',
      [
        '0 video h264 96 H264/90000/0 trackID=0: sps 6764000c pps 68ebe3cb',
        '1 audio aac 97 MPEG4-GENERIC/16000/1 trackID=1: config 1408 16000x1',
      ],
      [],
    ],
    [
      'hanwha',
      [
        '0 video other 26 JPEG/90000/0 rtsp://10.0.0.20/profile1/media.smp/trackID=v: -',
        '1 audio pcmu 0 PCMU/8000/1 rtsp://10.0.0.20/profile1/media.smp/trackID=a: 8000x1',
      ],
      ['Media section 1 (video) is JPEG, which is not decoded.'],
    ],
    [
      'panasonic',
      [
        '0 video h264 98 H264/90000/0 trackID=1: sps 674d401e pps 68ebe3cb',
        '1 audio pcmu 0 PCMU/8000/1 trackID=2: 8000x1',
      ],
      [],
    ],
  ])('%s', (maker, tracks, notes) => {
    const description = fixture(maker)
    expect(summary(description)).toEqual(tracks)
    expect(description.notes).toEqual(notes)
  })
})

describe('a broken description', () => {
  it('in the wrong order, with junk in front and half its punctuation', () => {
    const description = fixture('broken-order')
    expect(summary(description)).toEqual(['0 video h264 96 H264/90000/0 trackID=7: sps 6742c016 pps 68cb83cb'])
    expect(description).toMatchObject({ name: 'late name', control: '*' })
    expect(description.tracks[0]?.fmtp.get('packetization-mode')).toBe('1')
    expect(description.notes).toEqual(['A line that is no SDP line was skipped.'])
  })

  it('with parameters that are no parameters', () => {
    const description = fixture('broken-sprop')
    expect(summary(description)).toEqual([
      '0 video h264 96 H264/90000/0 a: -',
      '1 video h265 97 HEVC/90000/0 b: -',
      '2 audio aac 98 MPEG4-GENERIC/16000/1 c: config 1408 16000x1',
      '3 audio aac 99 MPEG4-GENERIC/12345/1 d: -',
      '4 audio other 100 MP4A-LATM/90000/1 e: -',
    ])
    expect(description.notes).toEqual([
      'Media section 5 (audio) is MP4A-LATM, which is not decoded.',
      'The sprop-parameter-sets has a parameter set that is no base64.',
      'The H.265 parameter sets are not complete; waiting for those in band.',
      'The AAC track has no usable config; AAC-LC is assumed from its rtpmap.',
      'The AAC track has no usable config.',
    ])
  })

  it('with sections that are doubled, empty, or no RTP', () => {
    const description = fixture('broken-twice')
    expect(summary(description)).toEqual([
      '0 video h264 96 H264/90000/0 track1: -',
      '4 audio other 96 /8000/1 track4: -',
    ])
    expect(description.notes).toEqual([
      'Media section 3 (video) is not RTP and is set aside.',
      'Media section 4 (video) names no payload type on its m= line.',
      'Media section 4 (video) has no payload type and is set aside.',
      'Media section 5 (audio) has no a=rtpmap.',
      'Media section 5 (audio) is of an unnamed codec, which is not decoded.',
      'Media section 6 () names no payload type on its m= line.',
      'Media section 6 () has no payload type and is set aside.',
      'Media section 2 has the control of an earlier one and is set aside.',
    ])
  })

  it('with a sound that is sendonly by the camera, which is no way to a loudspeaker', () => {
    const { tracks, notes } = parseSdp(
      'v=0\nm=video 0 RTP/AVP 96\na=sendonly\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 0\na=sendonly',
    )
    expect(tracks.map(track => track.codec)).toEqual(['h264', 'pcmu'])
    expect(notes).toEqual([])
  })

  it('with names that would upset a terminal', () => {
    const { tracks, notes } = parseSdp(
      `v=0\nm=vi\x1b[2Jdeo 0 RTP/AVP 96\na=rtpmap:96 \x1b]0;x\x07${'y'.repeat(999)}/90000`,
    )
    expect(tracks[0]?.encodingName).toBe(`]0;X${'Y'.repeat(60)}`)
    expect(notes).toEqual([`Media section 1 (vi[2jdeo) is ]0;X${'Y'.repeat(60)}, which is not decoded.`])
  })

  it.each([
    ['', ['The description has no media section.']],
    ['hello', ['A line that is no SDP line was skipped.', 'The description has no media section.']],
    ['s=x', ['The description has no v= line.', 'The description has no media section.']],
  ])('that is %j has no tracks', (text, notes) => {
    expect(parseSdp(text)).toMatchObject({ tracks: [], parameters: [], notes })
  })

  it('that is too long is read as far as the limits', () => {
    const many = parseSdp(`v=0\n${'m=audio 0 RTP/AVP 0\n'.repeat(100)}`)
    expect(many.tracks).toHaveLength(SDP_LIMITS.media)
    const long = parseSdp(
      `v=0\nm=audio 0 RTP/AVP 0\na=fmtp:0 ${'x'.repeat(SDP_LIMITS.line)}\n${' '.repeat(SDP_LIMITS.bytes)}`,
    )
    expect(long.tracks[0]?.fmtp.size).toBe(0)
    expect(long.notes).toEqual([
      'The description is longer than 262144 bytes; the rest is not read.',
      'A line longer than 65536 bytes was skipped.',
    ])
  })
})

describe('any bytes', () => {
  it('are read without a throw', () => {
    const line = fc.tuple(
      fc.constantFrom('v=', 'm=', 'a=', 'a=fmtp:', 'a=rtpmap:96 ', 'a=fmtp:96 ', 'm=video 0 RTP/AVP 96', ''),
      fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^[ ;=,:/0-9a-zH]{0,60}$/)),
      fc.constantFrom('\n', '\r\n', '\r', ''),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), parts => {
        const description = parseSdp(parts.map(part => part.join('')).join(''))
        expect(description.parameters).toHaveLength(description.tracks.length)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), bytes => void parseSdp(bytes)))
  })

  it('are read in one pass, whatever they repeat', () => {
    // Repetition like this costs a backtracking pattern minutes; the test would run into its time limit.
    const words = [
      ' ',
      '=',
      ';',
      ',',
      'a=',
      '1/',
      '9 ',
      'a:',
      '"',
      'x=y;',
      'a=fmtp:96 a=b \n',
      'm=video 0 RTP/AVP 96\n',
    ]
    for (const word of words) {
      const text = word.repeat(Math.floor(60_000 / word.length))
      parseSdp(`v=0\nm=${text}`)
      parseSdp(`v=0\nm=video 0 RTP/AVP 96\na=fmtp:96 ${text}\na=rtpmap:96 ${text}`)
      parseSdp(`v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets=${text}`)
      parseSdp(text.repeat(4))
    }
  })
})
