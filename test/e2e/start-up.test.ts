import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

/** Files and packages that are loaded with a module of the build before any of its code runs. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const code = readFileSync(file, 'utf8')
  for (const [, name = ''] of code.matchAll(/^(?:import|export)\b[^'"\n]*?(?:from )?["']([^'"\n]+)["'];?$/gm)) {
    if (name.startsWith('.')) loadedWith(join(dirname(file), name), found)
    else found.add(name)
  }
  return found
}

describe('the start of a command', () => {
  it.each(['status', 'logs', 'record/status', 'daemon/status'])('%s: few files, no library but oclif', command => {
    const loaded = [...loadedWith(join(dist, 'src/cli/main.js')), ...loadedWith(join(dist, `commands/${command}.js`))]
    expect(loaded.filter(name => !name.startsWith('/') && !name.startsWith('node:'))).toEqual([])
    expect(new Set(loaded).size).toBeLessThanOrEqual(12)
    expect(loaded.some(name => name.endsWith('chunks/oclif.js'))).toBe(true)
  })

  it('the media worker loads nothing of oclif', () => {
    const loaded = [...loadedWith(join(dist, 'src/media/worker/main.js'))]
    expect(loaded).toContain('pino')
    expect(loaded.filter(name => /oclif|command/.test(name))).toEqual([])
  })
})
