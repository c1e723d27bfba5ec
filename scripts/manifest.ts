import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Plugin } from '@oclif/core'
import type { Manifest } from '@oclif/core/interfaces'

/** What oclif.manifest.json has to say of the commands, built or `fromSource`, so that a start need not load them all. */
export async function buildManifest(root: string, fromSource = false): Promise<Manifest> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (fromSource) pjson.oclif.commands = './commands'
  const plugin = new Plugin({
    root,
    pjson,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  return plugin.manifest
}
