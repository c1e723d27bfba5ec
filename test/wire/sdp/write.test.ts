import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DescribedTrack, parseSdp, type SessionDescription, writeSdp } from '../../../src/wire/sdp/index.ts'
import type { CodecParameters } from '../../../src/wire/track.ts'

const fixtures = new URL('./fixtures/', import.meta.url)

function rewritten(description: SessionDescription): SessionDescription {
  const tracks = description.tracks.map((source, at) => ({ source, parameters: description.parameters[at] }))
  return parseSdp(writeSdp({ name: 'gate-1/main', tracks }))
}

function source(fields: Partial<DescribedTrack['source']>): DescribedTrack['source'] {
  return {
    kind: 'video',
    codec: 'h264',
    encodingName: 'H264',
    payloadType: 96,
    clockRate: 90_000,
    channels: 0,
    fmtp: new Map(),
    ...fields,
  }
}

describe('writeSdp', () => {
  it.each(readdirSync(fixtures))('keeps what a reader needs of %s', name => {
    const before = parseSdp(readFileSync(new URL(name, fixtures)))
    const after = rewritten(before)
    expect(after.parameters).toEqual(before.parameters)
    expect(
      after.tracks.map(({ codec, kind, payloadType, clockRate, channels }) => [
        codec,
        kind,
        payloadType,
        clockRate,
        channels,
      ]),
    ).toEqual(
      before.tracks.map(({ codec, kind, payloadType, clockRate, channels }) => [
        codec,
        kind,
        payloadType,
        clockRate,
        channels,
      ]),
    )
    expect(after.tracks.map(track => track.control)).toEqual(before.tracks.map((_track, at) => `trackID=${at}`))
    for (const [at, track] of before.tracks.entries())
      if (track.codec === 'other')
        expect(after.tracks[at]).toMatchObject({ encodingName: track.encodingName, fmtp: track.fmtp })
  })

  it('writes these lines', () => {
    const text = writeSdp({
      name: 'gate-1/main\r\na=injected',
      version: 3,
      tracks: [
        {
          source: source({}),
          parameters: { codec: 'h264', sps: Uint8Array.of(0x67, 0x4d, 0, 0x28, 1), pps: [Uint8Array.of(0x68, 1, 2)] },
        },
        {
          source: source({
            kind: 'audio',
            codec: 'aac',
            encodingName: 'MPEG4-GENERIC',
            payloadType: 97,
            clockRate: 48_000,
            channels: 2,
          }),
          parameters: { codec: 'aac', config: Uint8Array.of(0x11, 0x90), sampleRate: 48_000, channels: 2 },
        },
        {
          source: source({
            kind: 'audio',
            codec: 'pcmu',
            encodingName: 'PCMU',
            payloadType: 0,
            clockRate: 8_000,
            channels: 1,
          }),
          parameters: { codec: 'pcmu', sampleRate: 8_000, channels: 1 },
        },
        {
          source: source({
            kind: 'application',
            codec: 'other',
            encodingName: 'VND.ONVIF.METADATA',
            payloadType: 107,
            fmtp: new Map([
              ['a', 'b\nc'],
              ['d', ''],
            ]),
          }),
          parameters: undefined,
        },
      ],
    })
    expect(text.split('\r\n')).toEqual([
      'v=0',
      'o=- 3 3 IN IP4 127.0.0.1',
      's=gate-1/main  a=injected',
      'c=IN IP4 0.0.0.0',
      't=0 0',
      'a=control:*',
      'a=range:npt=now-',
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      'a=fmtp:96 packetization-mode=1;profile-level-id=4D0028;sprop-parameter-sets=Z00AKAE=,aAEC',
      'a=control:trackID=0',
      'm=audio 0 RTP/AVP 97',
      'a=rtpmap:97 MPEG4-GENERIC/48000/2',
      'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190',
      'a=control:trackID=1',
      'm=audio 0 RTP/AVP 0',
      'a=rtpmap:0 PCMU/8000',
      'a=control:trackID=2',
      'm=application 0 RTP/AVP 107',
      'a=rtpmap:107 VND.ONVIF.METADATA/90000',
      'a=fmtp:107 a=b c;d',
      'a=control:trackID=3',
      '',
    ])
  })

  it('gives parameter sets back bit for bit', () => {
    /** Bytes of a NAL unit: its header, and a last byte that is not zero. */
    const unit = (...header: number[]) =>
      fc.uint8Array({ minLength: 3, maxLength: 80 }).map(bytes => Uint8Array.of(...header, ...bytes, 0x80))
    const parameters: fc.Arbitrary<CodecParameters> = fc.oneof(
      fc.record({
        codec: fc.constant('h264' as const),
        sps: unit(0x67),
        pps: fc.array(unit(0x68), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        codec: fc.constant('h265' as const),
        vps: unit(0x40, 1),
        sps: unit(0x42, 1),
        pps: fc.array(unit(0x44, 1), { minLength: 1, maxLength: 4 }),
      }),
    )
    fc.assert(
      fc.property(parameters, given => {
        const track = { source: source({ codec: given.codec }), parameters: given }
        expect(parseSdp(writeSdp({ name: 'x', tracks: [track] })).parameters).toEqual([given])
      }),
    )
  })
})
