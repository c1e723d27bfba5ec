import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type DialogueEvent,
  type DialogueStep,
  RtspClientDialogue,
  RtspStreamParser,
} from '../../../../src/wire/rtsp/index.ts'

const here = (path: string) => new URL(path, import.meta.url)

/** Plays a transcript's answers, one to each request, and gives the requests' first lines and all events. */
function replay(
  maker: string,
  url: string,
): { lines: string[]; events: DialogueEvent[]; dialogue: RtspClientDialogue } {
  const answers = readFileSync(here(`./transcripts/${maker}.txt`), 'utf8').split('---\n')
  const lines: string[] = []
  const events: DialogueEvent[] = []
  const credentials = { username: 'admin', password: 'secret' }
  const dialogue = new RtspClientDialogue({ url, credentials, userAgent: 'test', random: () => 0 })
  const fromCamera = new RtspStreamParser({
    interleaved: () => {},
    message: message => step(dialogue.receive(message)),
    malformed: reason => {
      throw new Error(reason)
    },
  })
  const step = ({ send, event }: DialogueStep): void => {
    if (event) events.push(event)
    if (event?.type === 'described') return step(dialogue.setup(event.description.tracks.slice(0, 2)))
    if (!send) return
    const request = send.toString('latin1')
    const transport = /\r\nTransport: .*(interleaved=\S+)/.exec(request)?.[1]
    const login = /\r\nAuthorization: (\w+)/.exec(request)?.[1]
    lines.push([/^(.*) RTSP/.exec(request)?.[1], transport, login].filter(part => part !== undefined).join(' '))
    const answer = answers.shift()
    if (answer !== undefined) fromCamera.push(filled(answer, /CSeq: (\d+)/.exec(request)?.[1] ?? ''))
  }
  step(dialogue.start())
  return { lines, events, dialogue }
}

/** An answer with the request's CSeq and the SDP fixture it names; lines end as RTSP's do. */
function filled(answer: string, cseq: string): Buffer {
  const name = /\{sdp ([\w-]+)\}/.exec(answer)?.[1]
  const sdp = name === undefined ? '' : readFileSync(here(`../../sdp/fixtures/${name}.sdp`), 'latin1')
  const head = answer
    .replace(/\{sdp [\w-]+\}\n/, '')
    .replaceAll('{CSeq}', cseq)
    .replace('{length}', String(sdp.length))
  return Buffer.from(head.replaceAll('\n', '\r\n') + sdp, 'latin1')
}

describe('a whole dialogue with a camera in the manner of', () => {
  it('hikvision: absolute controls on the address it knows itself by', () => {
    const { lines, events } = replay('hikvision', 'rtsp://nat.example:10554/Streaming/Channels/101')
    const base = 'rtsp://nat.example:10554/Streaming/Channels/101'
    expect(lines).toEqual([
      `OPTIONS ${base}`,
      `DESCRIBE ${base}`,
      `DESCRIBE ${base} Digest`,
      `SETUP ${base}/trackID=1 interleaved=0-1 Digest`,
      `SETUP ${base}/trackID=2 interleaved=2-3 Digest`,
      `PLAY ${base}/ Digest`,
    ])
    expect(events[2]).toMatchObject({
      type: 'playing',
      keepAlive: 30_000,
      tracks: [
        { rtpChannel: 0, ssrc: 0x3aa15e5a, firstSequence: 7391, firstTimestamp: 1265366844 },
        { rtpChannel: 2, ssrc: 0x3aa15e5b, firstSequence: 1, firstTimestamp: 160 },
      ],
    })
  })

  it('dahua: a query in the middle of the URL, and a login at OPTIONS', () => {
    const url = 'rtsp://cam/cam/realmonitor?channel=1&subtype=0'
    const { lines, events } = replay('dahua', url)
    expect(lines).toEqual([
      `OPTIONS ${url}`,
      `OPTIONS ${url} Digest`,
      `DESCRIBE ${url} Digest`,
      `SETUP ${url}/trackID=0 interleaved=0-1 Digest`,
      `SETUP ${url}/trackID=1 interleaved=2-3 Digest`,
      `PLAY ${url}/ Digest`,
    ])
    expect(events[2]).toMatchObject({ tracks: [{ firstSequence: 31 }, { firstSequence: 12, firstTimestamp: 16_000 }] })
  })

  it('vstarcam: no login, no Content-Base, no sound, odd spelling', () => {
    const url = 'rtsp://10.0.0.16:10554/tcp/av0_0'
    const { lines, events, dialogue } = replay('vstarcam', url)
    expect(lines).toEqual([
      `OPTIONS ${url}`,
      `DESCRIBE ${url}`,
      `SETUP ${url}/track0 interleaved=0-1`,
      `SETUP ${url}/track1 interleaved=2-3`,
      `PLAY ${url}`,
    ])
    expect(events[2]).toMatchObject({ type: 'playing', tracks: [{ ssrc: 0x1f, firstSequence: 0 }] })
    expect(dialogue.keepAlive()?.toString()).toMatch(/^OPTIONS /)
    expect(dialogue.teardown()?.toString()).toContain('\r\nSession: 7a3f\r\n')
  })
})
