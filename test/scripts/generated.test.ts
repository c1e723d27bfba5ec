import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderErrorsPage } from '../../scripts/errors-page.ts'

describe('docs/errors.md', () => {
  it('says what the code says; `npm run docs` makes it anew', () => {
    expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(renderErrorsPage())
  })
})
