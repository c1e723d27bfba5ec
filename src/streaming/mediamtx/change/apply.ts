import type { RelayClient } from '../api/client.ts'
import type { RelayDiff } from './diff.ts'
import type { RelayConfig } from './relay-config.ts'

export interface ApplyOptions {
  /** Change keys of the whole server as well, whoever that interrupts. */
  readonly server: boolean
}

/** A running MediaMTX's configuration, with everything filled in. */
export async function runningConfig(client: RelayClient): Promise<RelayConfig> {
  const [global, paths] = await Promise.all([client.globalConfig(), client.pathConfigs()])
  return { global, paths }
}

/**
 * Brings a running MediaMTX to what `wanted` says, by its API and path by path: viewers of a path that does not change notice nothing.
 * Throws VMS_E_RELAY at the first that it refuses; what was done before stays done, and a second try goes on from there.
 */
export async function applyDiff(
  client: RelayClient,
  wanted: RelayConfig,
  diff: RelayDiff,
  { server }: ApplyOptions,
): Promise<void> {
  for (const name of diff.removed) await client.deletePath(name)
  for (const { name, keys } of diff.changed)
    await client.patchPath(name, Object.fromEntries(keys.map(({ key, to }) => [key, to])))
  for (const name of diff.added) await client.addPath(name, wanted.paths.get(name) ?? {})
  if (server && diff.server.length > 0)
    await client.patchGlobal(Object.fromEntries(diff.server.map(({ key, to }) => [key, to])))
}
