import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { coverageHtml, coverageReport } from '../../src/recording/coverage/index.ts'
import type { CoveragePiece } from '../../src/recording/types.ts'
import { hasChromium, withPage } from '../support/browser-player.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-page-'))
afterAll(() => rmSync(directory, { recursive: true }))

const HOUR = 3_600_000
const DAYS = 7
const start = Date.parse('2026-03-26T00:00:00Z')
const HOSTILE = `</script><img src=http://x.invalid/ onerror=alert(1)>"'&`

/** A week of 40 cameras; one has a hole of four seconds, which is far less than a pixel of the week. */
function page(): string {
  const end = start + DAYS * 24 * HOUR
  const accounts = Array.from({ length: 40 }, (_, n) => {
    const hole = start + (n + 1) * HOUR
    const pieces: CoveragePiece[] = [
      { start, end: hole, state: 'recorded', detail: null },
      { start: hole, end: hole + (n === 3 ? 4_000 : 900_000), state: 'refused', detail: n === 3 ? HOSTILE : 'refused' },
      { start: hole + (n === 3 ? 4_000 : 900_000), end, state: 'recorded', detail: null },
    ]
    return { camera: `cam-${n}`, group: null, pieces }
  })
  return coverageHtml(coverageReport({ name: HOSTILE, timezone: 'Europe/Paris' }, { start, end }, accounts), end)
}

describe.skipIf(!hasChromium())('the coverage page in Chromium', () => {
  it('zooms, tells, prints, and asks nobody for anything', async () => {
    const path = join(directory, 'coverage.html')
    writeFileSync(path, page())
    await withPage(async (tab, noise) => {
      const requests: string[] = []
      tab.on('request', request => requests.push(request.url()))
      await tab.goto(pathToFileURL(path).href)
      const shown = () => tab.locator('#shown').innerText()
      await expect.poll(shown).toContain('(7 d)')
      expect(await tab.locator('#strips canvas').count()).toBe(40)
      expect(await tab.locator('#strips svg').first().isVisible()).toBe(false)

      // The hole of four seconds can be seen in the whole week, and found with the pointer.
      const strip = (await tab.locator('#strips canvas').nth(3).boundingBox())!
      const colours = await tab.locator('#strips canvas').nth(3).evaluate(coloursOf)
      expect(colours).toBeGreaterThanOrEqual(2)
      const at = strip.x + (strip.width * 4) / (DAYS * 24)
      await tab.mouse.move(at, strip.y + 5)
      await expect.poll(() => tab.locator('#tip').innerText()).toContain(`cam-3: refused (${HOSTILE})`)
      expect(await tab.locator('#tip').innerText()).toContain('4 s')

      await tab.mouse.wheel(0, 100)
      expect(await shown()).toContain('(7 d)')
      await tab.mouse.move(at, strip.y + 5)
      await tab.evaluate('window.scrollTo(0, 0)')
      await tab.keyboard.down('Control')
      for (let i = 0; i < 12; i++) await tab.mouse.wheel(0, -100)
      await tab.keyboard.up('Control')
      await expect.poll(shown).toMatch(/\(\d h/)
      const before = await shown()
      await tab.mouse.down()
      await tab.mouse.move(at - 200, strip.y + 5, { steps: 4 })
      await tab.mouse.up()
      await expect.poll(shown).not.toBe(before)
      for (const [name, length] of [
        ['one hour', '(1 h)'],
        ['ten minutes', '(10 min)'],
        ['zoom out', '(20 min)'],
        ['zoom in', '(10 min)'],
        ['one day', '(1 d)'],
        ['the whole time', '(7 d)'],
      ] as const) {
        await tab.getByRole('button', { name, exact: true }).click()
        await expect.poll(shown).toContain(length)
      }
      await tab.locator('#gaps tr', { hasText: 'onerror' }).getByRole('button').click()
      await expect.poll(shown).toMatch(/^2026-03-26, 04:59:30 to 2026-03-26, 05:00:34.*\(1 min 4 s\)/)
      expect(await tab.locator('#axis .tick').count()).toBeGreaterThan(3)

      await tab.emulateMedia({ media: 'print' })
      expect(await tab.locator('#strips svg').first().isVisible()).toBe(true)
      expect(await tab.locator('#strips canvas').first().isVisible()).toBe(false)
      const pdf = await tab.pdf({ format: 'A4', landscape: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.length).toBeGreaterThan(10_000)
      await tab.emulateMedia({ media: 'screen', colorScheme: 'dark' })
      await expect.poll(() => tab.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 24, 28)')

      expect(requests).toEqual([pathToFileURL(path).href])
      expect(noise).toEqual([])
    })
  }, 60_000)
})

/** Runs in the page: how many colours a canvas has. */
// biome-ignore lint/suspicious/noExplicitAny: a DOM element
function coloursOf(canvas: any): number {
  const { data } = canvas.getContext('2d').getImageData(0, Math.floor(canvas.height / 2), canvas.width, 1)
  const found = new Set<string>()
  for (let i = 0; i < data.length; i += 4) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`)
  return found.size
}
