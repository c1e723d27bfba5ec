import { existsSync, readFileSync } from 'node:fs'
import { VmsError } from '../kernel/errors.ts'

/** The text of a file in templates/reports: beside the sources when they run as they are, one level up from dist/. */
export function reportTemplate(name: string): string {
  for (const up of ['../..', '../../..']) {
    const path = new URL(`${up}/templates/reports/${name}`, import.meta.url)
    if (existsSync(path)) return readFileSync(path, 'utf8')
  }
  throw new VmsError('VMS_E_BUG', `templates/reports/${name} is missing from this installation`)
}
