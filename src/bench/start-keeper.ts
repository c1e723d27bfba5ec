import { spawn } from 'node:child_process'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The process that cleans up after a demo or a bench that was killed; see keeper.ts. */
export interface Keeper {
  /** There is nothing to keep any more. Resolves when it has ended. */
  dismiss(): Promise<void>
}

/**
 * Starts the keeper of a directory, apart from the terminal: the Ctrl-C that ends us in order is none of its business. Where it
 * cannot be started we run without.
 */
export function startKeeper(directory: string): Keeper {
  const here = fileURLToPath(import.meta.url)
  const program = join(here, '..', `keeper${extname(here)}`)
  const child = spawn(process.execPath, ['--max-semi-space-size=1', program, directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>(resolve => child.once('error', () => resolve()).once('exit', () => resolve()))
  child.stdin.on('error', () => {})
  child.unref()
  return {
    dismiss: () => {
      child.stdin.end()
      child.ref()
      return ended
    },
  }
}
