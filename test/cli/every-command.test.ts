import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core/command'
import { parse } from '@oclif/core/parser'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildManifest } from '../../scripts/manifest.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { oclif } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
let commands: Command.Cached[]

beforeAll(async () => {
  commands = Object.values((await buildManifest(root, true)).commands)
})

/** The words of an example as a shell would have them, up to a pipe or a redirection. */
function words(example: string): string[] {
  const found: string[] = []
  for (const [, double, single, plain] of example.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (plain === '|' || plain === '>') break
    found.push(double ?? single ?? plain ?? '')
  }
  return found
}

describe('every command', () => {
  it('has a summary, a description and examples, and its topic is described', () => {
    for (const { id, summary, description, examples } of commands) {
      expect([id, summary], 'a summary is short and no sentence').toEqual([
        id,
        expect.stringMatching(/^[A-Z].{5,80}[^.]$/),
      ])
      expect([id, description]).toEqual([id, expect.stringMatching(/\.|:/)])
      expect([id, examples?.length ?? 0]).not.toEqual([id, 0])
      const topic = id.split(':')[0]!
      if (id.includes(':')) expect(oclif.topics).toHaveProperty(topic)
    }
    expect(Object.keys(oclif.topics).filter(topic => !commands.some(({ id }) => id.startsWith(`${topic}:`)))).toEqual(
      [],
    )
  })

  it('has flags and arguments with descriptions', () => {
    for (const { id, flags, args } of commands) {
      for (const [name, { description, ...rest }] of Object.entries({ ...flags, ...args })) {
        // The names of the choices may say enough.
        const told = description !== undefined || 'options' in rest || name === 'json'
        expect([id, name, told]).toEqual([id, name, true])
      }
    }
  })

  it('has examples that are commands with valid flags and arguments', async () => {
    for (const command of commands) {
      const { default: Class } = await import(`${root}commands/${command.id.replaceAll(':', '/')}.ts`)
      for (const example of command.examples ?? []) {
        const text = String(example)
          .replaceAll('<%= config.bin %>', 'vmsctl')
          .replaceAll('<%= command.id %>', command.id.replaceAll(':', ' '))
        const id = command.id.split(':')
        expect(words(text).slice(0, id.length + 1)).toEqual(['vmsctl', ...id])
        const input = { flags: { ...Class.baseFlags, ...Class.flags, ...jsonFlag(Class) }, args: Class.args ?? {} }
        await expect(
          parse(words(text).slice(id.length + 1), { ...input, strict: Class.strict !== false }),
          text,
        ).resolves.toBeDefined()
      }
    }
  })
})

/** oclif adds --json to commands when it runs them. */
function jsonFlag(Class: { enableJsonFlag?: boolean; jsonFlag?: unknown }): object {
  return Class.enableJsonFlag
    ? { json: { type: 'boolean', name: 'json', allowNo: false, parse: async (x: boolean) => x } }
    : {}
}
