import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core/config'

const root = fileURLToPath(new URL('../..', import.meta.url))
let config: Promise<Config> | undefined

/** Runs a command from its source in this process, and gives what it wrote and its exit code: `['camera', 'list']`. */
export async function runCommand(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  config ??= Config.load(root)
  const file = (depth: number) => `${root}commands/${args.slice(0, depth).join('/')}.ts`
  const depth = [3, 2].find(words => existsSync(file(words))) ?? 1
  const { default: command } = await import(file(depth))
  const written = { out: '', err: '' }
  const { stdout, stderr } = process
  const [writeOut, writeErr] = [stdout.write, stderr.write]
  const keep = (key: 'out' | 'err') => (chunk: unknown) => {
    written[key] += String(chunk)
    return true
  }
  stdout.write = keep('out')
  stderr.write = keep('err')
  try {
    await command.run(args.slice(depth), await config)
    return { code: Number(process.exitCode ?? 0), ...written }
  } finally {
    stdout.write = writeOut
    stderr.write = writeErr
    process.exitCode = 0
  }
}
