/**
 * `npm run build`: dist/, bundled, and oclif.manifest.json. Bundled because a command line starts twice as fast from a few
 * files: oclif alone is a hundred. Unlike our own code and oclif, libraries that are only loaded when needed stay outside.
 */
import { globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RolldownOutput, rolldown } from 'rolldown'
import { buildManifest } from './manifest.ts'
import { moduleUrls } from './module-urls.ts'
import { lazyBuiltins, plainLinux, plainSorting } from './quick-start.ts'
import { renderLicenses } from './third-party-licenses.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Programs and modules that are started or loaded by path; everything else becomes part of them or of a shared chunk. */
const ENTRIES = [
  'src/cli/main',
  'src/cli/command-not-found',
  'src/daemon/main',
  'src/media/worker/main',
  'src/media/virtual/main',
  'src/bench/keeper',
  'src/bench/live/viewers-main',
]
/** `typescript` is oclif's own wish, for running commands from source in development. */
const OUTSIDE = /^(typescript|yaml|zod|pino|@redis\/client|hono|@hono\/.*|listr2|execa|chalk|cli-table3|jose)(\/|$)/

/** What every command needs, in few files; left alone, each set of modules with the same users becomes one. */
const GROUPS = [
  {
    name: 'common',
    test: /^\0builtin:(node:)?(fs|path|os|util|url|module)$|\/src\/(kernel|config\/state-(paths|directory))\b/,
  },
  { name: 'client', test: /\/src\/(daemon\/(client|socket-http)|cli\/daemon-client)\./ },
  { name: 'oclif', test: /\/node_modules\// },
  { name: 'command', test: /\/src\/cli\/(base-command|report-error)\./ },
]

async function bundle(dir: string): Promise<RolldownOutput> {
  const commands = globSync('commands/**/*.ts', { cwd: root }).map(path => path.replace(/\.ts$/, ''))
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries([...commands, ...ENTRIES].map(name => [name, `${name}.ts`])),
    platform: 'node',
    transform: { target: 'node22' },
    external: id => OUTSIDE.test(id),
    plugins: [moduleUrls(root), lazyBuiltins(), plainSorting(), plainLinux()],
  })
  const output = await build.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: { legal: true },
    codeSplitting: { groups: GROUPS },
  })
  await build.close()
  return output
}

// Built beside and put in place at the end: whoever runs the command meanwhile finds the old one, whole.
const fresh = join(root, 'node_modules/.cache', `vmsctl-build-${process.pid}`)
const old = `${fresh}-old`
mkdirSync(fresh, { recursive: true })
try {
  const { output } = await bundle(fresh)
  const modules = output.flatMap(chunk => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), renderLicenses(modules))
  try {
    renameSync(join(root, 'dist'), old)
  } catch {
    // The first build.
  }
  renameSync(fresh, join(root, 'dist'))
} finally {
  for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true })
}
const manifest = JSON.stringify(await buildManifest(root), undefined, 2)
writeFileSync(join(root, `oclif.manifest.json.${process.pid}`), `${manifest}\n`)
renameSync(join(root, `oclif.manifest.json.${process.pid}`), join(root, 'oclif.manifest.json'))
