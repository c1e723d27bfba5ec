import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildManifest } from '../../scripts/manifest.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Without what differs between source and build: where a command's file lies. */
function plain(manifest: { commands: object }): unknown {
  return JSON.parse(JSON.stringify(manifest.commands, (key, value) => (key === 'relativePath' ? undefined : value)))
}

describe('oclif.manifest.json', () => {
  it('describes the commands as they are in the source; `npm run build` makes it anew', async () => {
    const shipped = JSON.parse(readFileSync(`${root}oclif.manifest.json`, 'utf8'))
    expect(plain(shipped)).toEqual(plain(await buildManifest(root, true)))
  })
})
