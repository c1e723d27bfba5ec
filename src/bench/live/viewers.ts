import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { VmsError } from '../../kernel/errors.ts'

const MAIN = fileURLToPath(new URL(`./viewers-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))

/** What all viewers have got together, so far. */
export interface ViewerTally {
  /** Viewers that have a picture. */
  readonly playing: number
  readonly frames: number
  readonly missing: number
  readonly strange: number
  readonly reconnects: number
}

/** Viewers in a process of their own, which ends with this one. */
export interface ViewersProcess {
  readonly pid: number
  tally(): Promise<ViewerTally>
  stop(): Promise<void>
}

/** One viewer for each URL. The URLs hold tokens, and go by stdin. */
export function spawnViewers(urls: readonly string[]): ViewersProcess {
  const child = spawn(process.execPath, ['--max-semi-space-size=4', MAIN], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').catch(() => [])
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.stdin.on('error', () => {})
  child.stdin.write(`${JSON.stringify(urls)}\n`)
  return {
    pid: child.pid ?? 0,
    tally: async () => {
      child.stdin.write('\n')
      const { value, done } = await answers.next()
      if (done) throw new VmsError('VMS_E_REMOTE', 'the viewers are gone')
      return JSON.parse(value) as ViewerTally
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
