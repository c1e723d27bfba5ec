import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The licences of the packages whose code is in the bundle, one after the other; `modules` are paths of files. */
export function renderLicenses(modules: readonly string[]): string {
  const folders = new Set<string>()
  for (const id of modules) {
    const folder = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]
    if (folder !== undefined) folders.add(folder)
  }
  const texts = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim()
    return `${name} ${version}\n\n${text}\n`
  })
  return `Code of these packages is part of the files in this directory.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
