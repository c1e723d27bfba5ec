import { Plugin } from '@oclif/core'
import type { Manifest } from '@oclif/core/interfaces'

/** What oclif.manifest.json has to say of the built commands, so that a start need not load them all. */
export async function buildManifest(root: string): Promise<Manifest> {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  return plugin.manifest
}
