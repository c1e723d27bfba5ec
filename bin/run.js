#!/usr/bin/env node
// The command as shipped. bin/vmsctl starts this with the right Node; nothing here must be too new for an old one to read.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `vmsctl: Node.js ${process.versions.node} is too old; vmsctl needs 22.13 or newer (24 is best).\n`,
  )
  process.exit(5)
}
const { enableCompileCache } = process.getBuiltinModule('node:module')
const { homedir } = process.getBuiltinModule('node:os')
const { fileURLToPath } = process.getBuiltinModule('node:url')
// Compiled code is kept between runs, in a directory of the user's own: what lies there is executed.
enableCompileCache(`${process.env.XDG_CACHE_HOME || `${homedir()}/.cache`}/vmsctl`)
import('../dist/src/cli/main.js').then(({ main }) =>
  main(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)) }),
)
