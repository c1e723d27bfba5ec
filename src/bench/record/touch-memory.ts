import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freemem } from 'node:os'

const PIECE = 64 * 1024 * 1024
/** Share of the free memory that is touched at most. */
const SHARE = 0.8

/** What the child does: writes to a byte of every page, a piece at a time, and ends. */
const PROGRAM = `
const pieces = []
for (let left = Number(process.argv[1]); left > 0; left -= ${PIECE}) pieces.push(Buffer.alloc(${PIECE}, 1))
`

/**
 * Uses `bytes` of free memory and gives them back. The free memory of a virtual machine may belong to its host, which takes its time
 * to give a page back when it is used again: three times the work of a recorder, in our trials, and it falls on whoever
 * runs first. A machine that has recorded for hours has no such memory, its page cache is full. Best effort: an error, or
 * an abort, is no reason not to measure.
 */
export async function touchMemory(bytes: number, signal: AbortSignal): Promise<void> {
  const touched = Math.min(bytes, freemem() * SHARE)
  const child = spawn(process.execPath, ['-e', PROGRAM, String(Math.round(touched))], { stdio: 'ignore', signal })
  child.on('error', () => {})
  await once(child, 'close').catch(() => {})
}
