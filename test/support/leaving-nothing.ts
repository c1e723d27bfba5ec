import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { processesNaming } from './processes.ts'

interface Place {
  readonly dir: string
  /** For TMPDIR. */
  readonly temporary: string
}

/** Gives a test of the demo a directory of its own; what it starts must leave no process, and nothing in the temporary directory. */
export const leavingNothing = (test: (place: Place) => Promise<void>) => async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vms-demo-e2e-'))
  const temporary = join(dir, 't')
  mkdirSync(temporary)
  try {
    await test({ dir, temporary })
    // Whatever is started has the temporary directory in its command line or environment.
    expect(processesNaming(temporary)).toEqual([])
    expect(readdirSync(temporary)).toEqual([])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
