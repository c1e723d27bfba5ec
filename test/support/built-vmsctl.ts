import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BUILT = fileURLToPath(new URL('../../bin/vmsctl', import.meta.url))

export interface ProgramResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `vmsctl` as it was built last, through bin/, to its end. */
export function builtVmsctl(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProgramResult> {
  return runProgram(BUILT, args, { ...process.env, NO_COLOR: '', ...env })
}

/** Runs a program to its end; what it needs of the environment is in `env` alone. Rejects when it cannot be started. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<ProgramResult> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd })
  const result = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    result.out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    result.err += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, ...result }))
  })
}
