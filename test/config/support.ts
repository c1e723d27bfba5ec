import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { loadSiteConfig, type ParsedSite } from '../../src/config/index.ts'
import { VmsError } from '../../src/kernel/errors.ts'

const root = mkdtempSync(join(tmpdir(), 'vmsctl-config-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(root, 'site-'))
}

/** Writes `text` as a vms.yaml of its own and loads it. */
export async function load(text: string | Uint8Array): Promise<ParsedSite> {
  const cwd = await temporaryDirectory()
  await writeFile(join(cwd, 'vms.yaml'), text)
  return loadSiteConfig(undefined, { env: {}, cwd, hostname: 'box', timezone: 'Europe/Berlin' })
}

/** The message of the error that loading `text` ends with: a line for each fault. */
export async function faultsOf(text: string | Uint8Array): Promise<string> {
  try {
    await load(text)
  } catch (error) {
    if (error instanceof VmsError) return error.message
    throw error
  }
  return 'no fault'
}

/** A configuration whose cameras are `lines`, which begin at line 3. */
export function withCameras(...lines: string[]): string {
  return ['storage: { path: ./archive }', 'cameras:', ...lines.map(line => `  - ${line}`), ''].join('\n')
}
