import { describe, expect, it } from 'vitest'
import { StreamMuxer } from '../../../src/media/hls/stream-muxer.ts'
import { AUDIO, mediaSession, TestCamera, VIDEO } from '../gateway/support.ts'
import { readPlaylist } from './read-playlist.ts'

const session = mediaSession({ tracks: [VIDEO] })
const playlistOf = (muxer: StreamMuxer) => readPlaylist(muxer.window.playlist()!.bytes.toString())

describe('a muxer', () => {
  it('has something to play at once where the stream runs, beginning with its last key frame', () => {
    const camera = new TestCamera()
    camera.begin(session)
    camera.video(28)
    const muxer = new StreamMuxer(camera.wall)
    camera.hub.subscribe(muxer)
    // Frames 20 to 25; the next part is in hand.
    const [first] = playlistOf(muxer).segments
    expect(first).toMatchObject({ duration: 0.24, wall: 1_000_000 + 20 * 40 })
    expect(first!.parts).toMatchObject([{ independent: true }])
    camera.video(22)
    // The rest of that group, and from then on whole ones, until there are two seconds.
    expect(playlistOf(muxer).segments.map(({ parts }) => parts.map(part => part.independent))).toEqual([
      [true],
      [false],
      [true, false, true],
    ])
  })

  it('begins anew with another session, and says so', () => {
    const camera = new TestCamera()
    camera.begin(session)
    camera.video(60)
    const muxer = new StreamMuxer(camera.wall)
    camera.hub.subscribe(muxer)
    camera.video(20)
    camera.hub.end('connection lost')
    const before = playlistOf(muxer).segments
    expect(before.at(-1)?.uri).toBeDefined()
    camera.begin(mediaSession({ id: 's2', tracks: [VIDEO], reason: 'reconnect' }))
    camera.video(60)
    const after = playlistOf(muxer).segments
    const anew = after.find(({ map }) => map !== before[0]!.map)!
    expect(anew.discontinuitySequence).toBe(before[0]!.discontinuitySequence + 1)
    expect(anew.parts[0]?.independent ?? true).toBe(true)
  })

  it('gives all memory of frames back', () => {
    const used = (watched: boolean) => {
      const camera = new TestCamera()
      camera.begin(session)
      camera.video(33, 20_000)
      const muxer = new StreamMuxer(camera.wall)
      const leave = watched ? camera.hub.subscribe(muxer) : () => {}
      camera.video(44, 20_000)
      leave()
      muxer.close()
      camera.hub.end('over')
      return camera.pool.used
    }
    expect(used(true)).toBe(used(false))
  })

  it('leaves out sound that HLS has no place for, and says why a stream cannot be played at all', () => {
    const told: unknown[] = []
    const muxer = new StreamMuxer(0, (_, tracks) => told.push(typeof tracks === 'string' ? tracks : tracks.leftOut))
    muxer.session(mediaSession())
    expect(muxer.tracks?.codecs).toEqual(['avc1.42c01e'])
    muxer.session(mediaSession({ tracks: [{ ...VIDEO, parameters: undefined }, AUDIO] }))
    expect(told).toEqual([['PCMU'], 'HLS has no place for H264'])
    expect(muxer.obstacle).toBe('HLS has no place for H264')
  })
})
