import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium } from '../support/browser-player.ts'
import { vmsctl } from '../support/vmsctl.ts'

const dir = mkdtempSync(join(tmpdir(), 'vmsctl-reports-'))
let browser: Browser

describe.skipIf(!hasChromium())('reports of the planner in a real Chromium', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it.each(['plan', 'compare', 'roadmap'])(
    '%s: no error on the console, no request, text within its chart, light, dark and printed',
    async command => {
      const file = join(dir, `${command}.html`)
      const { code, err } = await vmsctl([command, '--cameras', '200', '-o', file])
      expect([code, err]).toEqual([0, ''])
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
      const said: string[] = []
      const asked: string[] = []
      page.on('console', message => said.push(message.text()))
      page.on('pageerror', error => said.push(String(error)))
      page.on('request', request => asked.push(request.url()))
      const url = pathToFileURL(file).href
      await page.goto(url)
      expect(said).toEqual([])
      expect(asked).toEqual([url])
      // What leaves the drawing is cut off; what lies on its neighbour cannot be read.
      const cut = await page.evaluate(cutTexts)
      expect(cut).toEqual([])
      const paper = () => page.evaluate(paperColour)
      const light = await paper()
      await page.emulateMedia({ colorScheme: 'dark' })
      const dark = await paper()
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
      expect([light, dark, await paper()]).toEqual(['rgb(255, 255, 255)', 'rgb(20, 24, 28)', 'rgb(255, 255, 255)'])
      const pdf = await page.pdf({ format: 'A4' })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      // Each chart is an image with a name and a description for who cannot see it.
      const charts = await page.getByRole('img').all()
      expect(charts.length).toBe(readFileSync(file, 'utf8').split('<svg ').length - 1)
      await page.close()
    },
  )
})

/** Runs in the page: texts of charts that reach beyond their drawing. */
function cutTexts(): string[] {
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
  const { document } = globalThis as any
  const charts = [...document.querySelectorAll('svg.chart')]
  return charts.flatMap(chart => {
    const { left, right, bottom } = chart.getBoundingClientRect()
    return [...chart.querySelectorAll('text')]
      .filter(text => {
        const box = text.getBoundingClientRect()
        return box.left < left - 1 || box.right > right + 1 || box.bottom > bottom + 1
      })
      .map(text => text.textContent as string)
  })
}

/** Runs in the page. */
function paperColour(): string {
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
  const { document, getComputedStyle } = globalThis as any
  return getComputedStyle(document.body).backgroundColor
}
