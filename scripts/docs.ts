/** `npm run docs`: the pages of docs/ that are made from the code, or parts of which are. */
import { readFileSync, writeFileSync } from 'node:fs'
import { renderErrorsPage } from './errors-page.ts'
import { withFormulas } from './formulas-page.ts'

writeFileSync(new URL('../docs/errors.md', import.meta.url), renderErrorsPage())

const planning = new URL('../docs/planning.md', import.meta.url)
writeFileSync(planning, withFormulas(readFileSync(planning, 'utf8')))
