#!/usr/bin/env node
// The command as shipped: compiled commands, found by the manifest. bin/vmsctl starts this with the right Node.
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `vmsctl: Node.js ${process.versions.node} is too old; vmsctl needs 22.13 or newer (24 is best).\n`,
  )
  process.exit(5)
}
// Compiled code is kept between runs, in a directory of the user's own: what lies there is executed.
module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vmsctl'))
const { execute } = await import('@oclif/core/execute')
await execute({ dir: import.meta.url })
