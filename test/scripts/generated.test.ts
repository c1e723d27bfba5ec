import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderErrorsPage } from '../../scripts/errors-page.ts'
import { withFormulas } from '../../scripts/formulas-page.ts'
import { loadSiteConfig } from '../../src/config/index.ts'
import { FORMULAS } from '../../src/planning/formulas/index.ts'
import { runCommand } from '../support/run-command.ts'

describe('docs/errors.md', () => {
  it('says what the code says; `npm run docs` makes it anew', () => {
    expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(renderErrorsPage())
  })
})

describe('docs/planning.md', () => {
  it('says of each formula what the code says; `npm run docs` makes it anew', () => {
    const page = readFileSync(new URL('../../docs/planning.md', import.meta.url), 'utf8')
    expect(withFormulas(page)).toBe(page)
    for (const { id } of FORMULAS) expect(page).toContain(`\n#### ${id}\n`)
  })

  it('shows answers that are right', async () => {
    const page = readFileSync(new URL('../../docs/planning.md', import.meta.url), 'utf8')
    const shown = [...page.matchAll(/^ {4}\$ vmsctl plan explain (.*)\n((?: {4}.*\n)+)/gm)]
    expect(shown.length).toBeGreaterThan(0)
    for (const [, line = '', output = ''] of shown) {
      const { out } = await runCommand(['plan', 'explain', ...line.split(' ')])
      for (const text of output.replaceAll(/^ {4}/gm, '').trimEnd().split('\n')) expect(out.split('\n')).toContain(text)
    }
  })
})

describe('README.md', () => {
  it('shows a configuration that is valid', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [yaml] = /(?<=\n\n)( {4}storage:.*\n)( {4}.*\n)*/.exec(readme) ?? ['']
    const dir = mkdtempSync(join(tmpdir(), 'vmsctl-readme-'))
    writeFileSync(join(dir, 'vms.yaml'), yaml.replaceAll(/^ {4}/gm, ''))
    const { config } = await loadSiteConfig(undefined, { env: {}, cwd: dir })
    expect(config.cameras.map(camera => camera.id)).toEqual(['gate-1'])
    rmSync(dir, { recursive: true })
  })

  it('names scripts and pages that exist', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    for (const [, name] of readme.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name!])
    for (const [, page] of readme.matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(new URL(`../../${page}`, import.meta.url))).toBe(true)
  })
})
