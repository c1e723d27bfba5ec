/**
 * Viewers as a process of their own, so that what they cost is told apart. The first line of stdin is a JSON array of the URLs that
 * they read, one viewer each; each line after it is answered by a line with what they have got by then ({@link ViewerTally}). Ends with stdin.
 */
import { createInterface } from 'node:readline'
import { systemClock } from '../../kernel/clock.ts'
import { findMark } from '../../media/virtual/index.ts'
import { readerContext, StreamReader } from '../stream-reader.ts'
import { FrameCount } from './frame-count.ts'
import type { ViewerTally } from './viewers.ts'

const viewers: { reader: StreamReader; count: FrameCount }[] = []
const context = readerContext(systemClock, Math.random, false)

function watch(url: string): void {
  const count = new FrameCount()
  const reader = new StreamReader(url, context, ({ slab, start, end }) => count.note(findMark(slab.bytes, start, end)))
  viewers.push({ reader, count })
}

function tally(): ViewerTally {
  const sum = (pick: (viewer: (typeof viewers)[number]) => number) =>
    viewers.reduce((total, viewer) => total + pick(viewer), 0)
  return {
    playing: viewers.filter(({ count }) => count.frames > 0).length,
    frames: sum(({ count }) => count.frames),
    missing: sum(({ count }) => count.missing),
    strange: sum(({ count }) => count.strange),
    reconnects: sum(({ reader }) => reader.reconnects),
  }
}

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  if (viewers.length === 0) for (const url of JSON.parse(line) as string[]) watch(url)
  else process.stdout.write(`${JSON.stringify(tally())}\n`)
})
lines.on('close', () => process.exit(0))
process.stdout.on('error', () => process.exit(0))
