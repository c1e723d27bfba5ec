import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ActiveTrack,
  type DialogueEvent,
  RtspClientDialogue,
  type RtspCredentials,
  RtspStreamParser,
} from '../../src/wire/rtsp/index.ts'
import { GST_PIPELINES, type GstCamera, startGstCamera } from '../support/gst-camera.ts'

const gstreamer =
  spawnSync('/usr/bin/python3', ['-c', 'import gi; gi.require_version("GstRtspServer", "1.0")']).status === 0

interface Conversation {
  readonly events: DialogueEvent[]
  /** Packets by interleaved channel. */
  readonly packets: Map<number, number>
  readonly malformed: string[]
}

/** Talks to a server until `enough` says so after a packet, then tears down; ends with whatever ends the dialogue. */
async function converse(
  url: string,
  credentials: RtspCredentials | undefined,
  enough: (packets: Map<number, number>) => boolean,
): Promise<Conversation> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const dialogue = new RtspClientDialogue({ url, credentials, userAgent: 'vmsctl-test', random: () => 0.5 })
  const seen: Conversation = { events: [], packets: new Map(), malformed: [] }
  let keptAlive = false
  let tornDown = false
  const step = ({ send, event }: ReturnType<RtspClientDialogue['start']>) => {
    if (send) socket.write(send)
    if (!event) return
    seen.events.push(event)
    if (event.type === 'described') step(dialogue.setup(event.description.tracks))
    if (event.type === 'failed' || event.type === 'ended') socket.end()
  }
  const parser = new RtspStreamParser({
    interleaved: (_buffer, _start, _end, channel) => {
      seen.packets.set(channel, (seen.packets.get(channel) ?? 0) + 1)
      if (!enough(seen.packets) || tornDown) return
      if (!keptAlive) {
        const bytes = dialogue.keepAlive()
        if (!bytes) return
        keptAlive = true
        socket.write(bytes)
      } else if (dialogue.waitingFor === undefined) {
        tornDown = true
        const bytes = dialogue.teardown()
        if (bytes) socket.write(bytes)
      }
    },
    message: message => step(dialogue.receive(message)),
    malformed: reason => void seen.malformed.push(reason),
  })
  socket.on('data', chunk => parser.push(chunk))
  await once(socket, 'connect')
  step(dialogue.start())
  await once(socket, 'close')
  return seen
}

describe.skipIf(!gstreamer)("a dialogue with GStreamer's RTSP server", () => {
  let camera: GstCamera
  let locked: GstCamera

  beforeAll(async () => {
    const { h264Pcmu, h265Aac } = GST_PIPELINES
    camera = await startGstCamera({ '/two': h264Pcmu, '/hevc': h265Aac })
    locked = await startGstCamera({ '/cam': GST_PIPELINES.h264 }, 'admin:se"cret')
  })

  afterAll(async () => {
    await camera?.stop()
    await locked?.stop()
  })

  it('sets up both tracks, plays, keeps alive and tears down', async () => {
    const both = (packets: Map<number, number>) => (packets.get(0) ?? 0) > 20 && (packets.get(2) ?? 0) > 5
    const { events, malformed } = await converse(`rtsp://127.0.0.1:${camera.port}/two`, undefined, both)
    expect(events.map(event => event.type)).toEqual(['described', 'set-up', 'playing', 'ended'])
    const [described, , playing] = events
    if (described?.type !== 'described' || playing?.type !== 'playing') throw new Error('wrong events')
    expect(described.description.tracks.map(track => track.codec)).toEqual(['h264', 'pcmu'])
    expect(described.description.parameters.map(known => known?.codec)).toEqual(['h264', 'pcmu'])
    expect(playing.keepAlive).toBe(30_000)
    expect(playing.tracks.map((track: ActiveTrack) => track.rtpChannel)).toEqual([0, 2])
    expect(playing.tracks.every(track => track.firstSequence !== undefined && track.ssrc !== undefined)).toBe(true)
    expect(malformed).toEqual([])
  })

  it('reads the parameters of H.265 and AAC from the description', async () => {
    const { events } = await converse(`rtsp://127.0.0.1:${camera.port}/hevc`, undefined, seen => seen.size > 0)
    const described = events[0]
    if (described?.type !== 'described') throw new Error('not described')
    expect(described.description.parameters).toMatchObject([
      { codec: 'h265' },
      { codec: 'aac', sampleRate: 48_000, channels: 2 },
    ])
  })

  it('answers a Digest challenge', async () => {
    const url = `rtsp://127.0.0.1:${locked.port}/cam`
    const { events } = await converse(url, { username: 'admin', password: 'se"cret' }, seen => (seen.get(0) ?? 0) > 3)
    expect(events.map(event => event.type)).toEqual(['described', 'set-up', 'playing', 'ended'])
  })

  it.each([
    ['a wrong password', { username: 'admin', password: 'wrong' }],
    ['no password', undefined],
  ])('gives up on %s at once', async (_name, credentials) => {
    const { events } = await converse(`rtsp://127.0.0.1:${locked.port}/cam`, credentials, () => false)
    expect(events).toEqual([
      { type: 'failed', failure: { kind: 'unauthorized', status: 401, message: '401 unauthorized' } },
    ])
  })

  it('names a stream that is not there', async () => {
    const { events } = await converse(`rtsp://127.0.0.1:${camera.port}/nothing`, undefined, () => false)
    expect(events).toMatchObject([{ type: 'failed', failure: { kind: 'not-found', message: '404 no such stream' } }])
  })
})
