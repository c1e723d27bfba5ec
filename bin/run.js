#!/usr/bin/env node
// The command as shipped: compiled commands, found by the manifest. bin/vmsctl starts this with the right Node.
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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

const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
// Finding and loading the plugins costs a fifth of a start: only for their own commands, and where these are listed.
if (!['help', 'autocomplete', '--help', undefined].includes(process.argv[2])) pjson.oclif.plugins = []
await execute({ loadOptions: { root, pjson } })
