import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseRelayVersion, type RelayVersion } from './version.ts'

export interface RelayProgram {
  /** Absolute. */
  readonly path: string
  /** Undefined where it says none that is known: a build of somebody's own, or no MediaMTX. */
  readonly version: RelayVersion | undefined
}

/** The program called `name` (a path, or a name to look for on PATH), with its version; undefined where there is none. */
export async function findRelay(name: string, env: NodeJS.ProcessEnv): Promise<RelayProgram | undefined> {
  const path = name.includes('/') ? name : onPath(name, env.PATH ?? '')
  if (path === undefined || !isProgram(path)) return undefined
  return { path, version: await versionOf(path) }
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter(directory => directory.startsWith('/'))
    .map(directory => join(directory, name))
    .find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function versionOf(path: string): Promise<RelayVersion | undefined> {
  return new Promise(resolve => {
    const options = { timeout: 10_000, killSignal: 'SIGKILL' as const, maxBuffer: 65_536, env: {} }
    execFile(path, ['--version'], options, (_, stdout) => {
      const lines = String(stdout).slice(0, 4_096).split('\n')
      resolve(lines.map(parseRelayVersion).find(version => version !== undefined))
    })
  })
}
