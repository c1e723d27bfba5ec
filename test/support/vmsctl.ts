import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** `npm test` builds first. From source every command, and every process that it starts, takes three times as long to begin. */
const BUILT = fileURLToPath(new URL('../../bin/vmsctl', import.meta.url))

export interface ProgramResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Starts `vmsctl` as it was built last, as a process of its own, without a terminal. */
export function spawnVmsctl(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return start(BUILT, args, ownEnvironment(env))
}

/** Runs `vmsctl` as it was built last, through bin/, to its end. */
export function vmsctl(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProgramResult> {
  return runProgram(BUILT, args, ownEnvironment(env))
}

/** Runs a program to its end; what it needs of the environment is in `env` alone. Rejects when it cannot be started. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<ProgramResult> {
  const child = start(file, args, env, cwd)
  const result = { out: '', err: '' }
  child.stdout!.setEncoding('utf8').on('data', text => {
    result.out += text
  })
  child.stderr!.setEncoding('utf8').on('data', text => {
    result.err += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, ...result }))
  })
}

function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): ChildProcess {
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd })
}

function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, NO_COLOR: '', ...env }
}
