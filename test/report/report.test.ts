import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { csv, escapeHtml, htmlPage, writeReport } from '../../src/report/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-report-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** CSV read by the letter of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = fields.exec(text); match; match = fields.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!)
    if (match[3] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

describe('csv', () => {
  it('is read back', () => {
    const field = fc.oneof(fc.string(), fc.stringMatching(/^[",\r\n a]*$/)).filter(text => !/^[=+\-@\t\r]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 2 })), rows => {
        expect(readCsv(csv(['a', 'b'], rows))).toEqual([['a', 'b'], ...rows])
      }),
    )
  })
  it('has numbers as they are, nothing for null, and no formulas', () => {
    expect(csv(['x'], [[-1.5], [null], ['=HYPERLINK("http://x")'], ['@a'], ['-1']])).toBe(
      'x\r\n-1.5\r\n\r\n"\'=HYPERLINK(""http://x"")"\r\n\'@a\r\n\'-1\r\n',
    )
  })
})

describe('htmlPage', () => {
  const page = (data: unknown) => htmlPage({ title: '<t>', body: '', style: 'p{}', data, script: 'run()' })
  it('escapes its title and data, and allows its own script by its hash alone', () => {
    const hostile = { text: '</script><script>alert(1)</script>\u2028' }
    const html = page(hostile)
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(html).toContain('<title>&lt;t&gt;</title>')
    const json = /id="data">(.*?)<\/script>/s.exec(html)![1]!
    expect(JSON.parse(json)).toEqual(hostile)
    expect(html).toContain(`script-src 'sha256-${createHash('sha256').update('run()').digest('base64')}'`)
    expect(html).toContain("default-src 'none'")
  })
  it('leaves no character that HTML reads', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'\x00-\x08]|&(?!\w+;|#)/)
      }),
    )
  })
})

describe('writeReport', () => {
  it('writes the whole file or leaves what was there', async () => {
    const path = join(directory, 'a.html')
    await writeReport(path, 'one')
    await writeReport(path, 'two')
    expect(readFileSync(path, 'utf8')).toBe('two')
    mkdirSync(join(directory, 'folder'))
    await expect(writeReport(join(directory, 'folder'), 'x')).rejects.toMatchObject({ code: 'VMS_E_FILE_WRITE' })
    await expect(writeReport(join(directory, 'none', 'x'), 'x')).rejects.toMatchObject({ code: 'VMS_E_FILE_WRITE' })
    expect(readdirSync(directory).sort()).toEqual(['a.html', 'folder'])
  })
})
