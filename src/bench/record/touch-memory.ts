import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freemem } from 'node:os'

const PIECE = 64 * 1024 * 1024
/** Share of the free memory that is touched at most. */
const SHARE = 0.7

/** What the child does: writes to a byte of every page, a piece at a time, and ends. */
const PROGRAM = `
const pieces = []
for (let left = Number(process.argv[1]); left > 0; left -= ${PIECE}) pieces.push(Buffer.alloc(${PIECE}, 1))
`

/**
 * Uses `bytes` of free memory once and gives them back. A virtual machine gets its memory from its host page by page, when it
 * first uses it, and that is slow: the page cache of the engine that runs first would cost it three times its own work, and
 * all later ones nothing. Best effort: an error, or an abort, is no reason not to measure.
 */
export async function touchMemory(bytes: number, signal: AbortSignal): Promise<void> {
  const touched = Math.min(bytes, freemem() * SHARE)
  const child = spawn(process.execPath, ['-e', PROGRAM, String(Math.round(touched))], { stdio: 'ignore', signal })
  child.on('error', () => {})
  await once(child, 'close').catch(() => {})
}
