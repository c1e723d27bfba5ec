import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flush } from '@oclif/core/flush'
import { run } from '@oclif/core/run'
import { reportError } from './report-error.ts'

export interface MainOptions {
  /** Directory of our package.json. */
  readonly root: string
  /** Run commands/*.ts themselves, without manifest and build. */
  readonly fromSource?: boolean
}

/** First words with which plugins are looked for: their own commands, and where all commands are listed. */
const NEEDS_PLUGINS = new Set([undefined, 'help', '--help', 'autocomplete'])

/** The command line: `args` is what follows `vmsctl`. Settles when the command is done; the exit code is then set. */
export async function main(args: string[], { root, fromSource = false }: MainOptions): Promise<void> {
  // With another value, which a developer's shell may have, oclif looks for TypeScript and warns of things of its own.
  process.env.NODE_ENV = 'production'
  // A pipe that nobody reads any more (`| head`) never drains.
  let closed = false
  process.stdout.on('error', () => {
    closed = true
  })
  try {
    const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    if (fromSource) {
      pjson.oclif.commands = './commands'
      pjson.oclif.hooks.command_not_found = './src/cli/command-not-found.ts'
    }
    // Finding and loading them costs a fifth of a start.
    if (!NEEDS_PLUGINS.has(args[0])) pjson.oclif.plugins = []
    await run(args, { root, pjson, ignoreManifest: fromSource })
    if (!closed) await flush()
  } catch (error) {
    // `--help` and `exit(0)` arrive as errors too.
    if ((error as { oclif?: { exit?: number } }).oclif?.exit !== 0) reportError(error, args.includes('--json'))
  }
}
