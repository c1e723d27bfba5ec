import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveWindow } from '../../../src/media/hls/live-window.ts'
import { type ReadPlaylist, readPlaylist } from './read-playlist.ts'

type Step = { kind: 'part'; duration: number; independent: boolean } | { kind: 'end' } | { kind: 'session' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('part' as const),
      duration: fc.double({ min: 0.001, max: 0.6, noNaN: true }),
      independent: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'end' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'session' as const }) },
)

/** Plays `steps`; calls `look` with each playlist that a player could have read. */
function play(steps: readonly Step[], look: (playlist: ReadPlaylist, window: LiveWindow) => void): LiveWindow {
  const window = new LiveWindow(1_700_000_000_000)
  window.beginSession(Buffer.from('init'))
  let wall = 1_700_000_000_000
  for (const each of steps) {
    if (each.kind === 'part') {
      window.addPart({ bytes: Buffer.from(`p${wall}`), wall, ...each })
      wall += each.duration * 1_000
    } else if (each.kind === 'end') window.endSegment()
    else window.beginSession(Buffer.from(`init${wall}`))
    const playlist = window.playlist()
    if (playlist) look(readPlaylist(playlist.bytes.toString()), window)
  }
  return window
}

describe('a live window', () => {
  it('keeps the rules of RFC 8216bis in every playlist, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const known = new Map<string, string>()
        const played: string[] = []
        let hint: string | undefined
        let target = 0
        play(steps, (playlist, window) => {
          expect(playlist.targetDuration).toBeGreaterThanOrEqual(target)
          target = playlist.targetDuration
          const parts = playlist.segments.flatMap(segment => segment.parts)
          for (const part of parts) expect(part.duration).toBeLessThanOrEqual(playlist.partTarget)
          for (const segment of playlist.segments) {
            const { sequence, discontinuitySequence, uri, duration, map, wall } = segment
            // What was told once is never told otherwise.
            const told = JSON.stringify([sequence, discontinuitySequence, map, wall])
            for (const name of [uri, ...segment.parts.map(part => part.uri)]) {
              if (name === undefined) continue
              expect(known.get(name) ?? told).toBe(told)
              known.set(name, told)
              expect(window.find(name)).toBeInstanceOf(Array)
            }
            expect(window.find(map)).toHaveLength(1)
            if (duration === undefined) continue
            expect(Math.round(duration)).toBeLessThanOrEqual(playlist.targetDuration)
            if (segment.parts.length === 0) continue
            const sum = segment.parts.reduce((total, part) => total + part.duration, 0)
            expect(Math.abs(sum - duration)).toBeLessThan(0.001)
            // A whole segment is its parts, one behind the other.
            const bytes = (name: string) => Buffer.concat(window.find(name) as Buffer[])
            expect(Buffer.concat(segment.parts.map(part => bytes(part.uri)))).toEqual(bytes(uri!))
          }
          const newest = parts.at(-1)?.uri
          // The part that was hinted at is the one that came.
          if (hint !== undefined && newest !== undefined && newest !== played.at(-1)) expect(newest).toBe(hint)
          if (newest !== undefined) played.push(newest)
          hint = playlist.hint
          expect(window.find(hint)).toBe('later')
          expect(playlist.segments.filter(({ uri }) => uri !== undefined).length).toBeLessThanOrEqual(6)
        })
      }),
    )
  })

  it('says of each segment and part whether the playlist has it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        play(steps, (playlist, window) => {
          const last = playlist.segments.at(-1)!
          const open = last.uri === undefined ? last : undefined
          const next = open?.sequence ?? last.sequence + 1
          for (const segment of playlist.segments) {
            const whole = { sequence: segment.sequence, part: undefined }
            expect(window.availability(whole)).toBe(segment === open ? 'later' : 'there')
            for (const part of segment.parts.keys()) {
              expect(window.availability({ sequence: segment.sequence, part })).toBe('there')
            }
          }
          expect(window.availability({ sequence: next, part: open?.parts.length ?? 0 })).toBe('later')
          expect(window.availability({ sequence: next + 1, part: 0 })).toBe('later')
          expect(window.availability({ sequence: next + 2, part: undefined })).toBe('too-far')
        })
      }),
    )
  })

  it('takes a part behind the last of its segment for the first of the next', () => {
    const window = new LiveWindow(0)
    window.beginSession(Buffer.alloc(1))
    const part = { bytes: Buffer.alloc(1), duration: 0.2, independent: true, wall: 0 }
    window.addPart(part)
    window.endSegment()
    expect(window.availability({ sequence: 0, part: 1 })).toBe('later')
    window.addPart(part)
    expect(window.availability({ sequence: 0, part: 1 })).toBe('there')
  })

  it('keeps eight segments, or fewer where they are large', () => {
    const fill = (size: number) => {
      const window = new LiveWindow(0)
      window.beginSession(Buffer.alloc(1))
      for (let i = 0; i < 20; i++) {
        window.addPart({ bytes: Buffer.alloc(size), duration: 2, independent: true, wall: i * 2_000 })
        window.endSegment()
      }
      return window
    }
    expect(fill(1_000).bytes).toBe(8_000)
    expect(fill(20 * 1024 * 1024).bytes).toBe(60 * 1024 * 1024)
  })

  it('uses no name again after a restart', () => {
    const names = (wall: number) => {
      const found: string[] = []
      const window = new LiveWindow(wall)
      window.beginSession(Buffer.alloc(1))
      for (let i = 0; i < 40; i++) {
        window.addPart({ bytes: Buffer.alloc(1), duration: 0.24, independent: i % 8 === 0, wall })
        if (i % 8 === 7) window.endSegment()
      }
      const { segments } = readPlaylist(window.playlist()!.bytes.toString())
      for (const { uri, map, parts } of segments) found.push(uri!, map, ...parts.map(part => part.uri))
      return new Set(found)
    }
    const before = names(1_700_000_000_000)
    expect([...names(1_700_000_010_000)].filter(name => before.has(name))).toEqual([])
  })
})
