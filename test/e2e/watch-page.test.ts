import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AccessStore, TokenDesk } from '../../src/access/index.ts'
import { statePaths } from '../../src/config/state-paths.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { hasChromium, withPage } from '../support/browser-player.ts'
import { TestSite } from '../support/test-site.ts'

/** What the page's video has made of the stream; runs in the page. */
const LOOK = `(() => {
  const video = document.querySelector('video')
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
  return {
    frames: totalVideoFrames, dropped: droppedVideoFrames, width: video.videoWidth, paused: video.paused,
    poster: !document.getElementById('poster').hidden,
    status: document.getElementById('status').textContent,
    protocol: document.getElementById('protocol').textContent,
    latency: Number(document.getElementById('latency').dataset.milliseconds),
  }
})()`

interface Look {
  readonly frames: number
  readonly dropped: number
  readonly width: number
  readonly poster: boolean
  readonly status: string
  readonly protocol: string
  readonly latency: number
}

describe.skipIf(!hasChromium())('the watch page in a real browser', () => {
  const site = new TestSite()
  let cameras: VirtualCamerasProcess
  let address = ''

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 3, audio: 'aac' })
    site.defer(() => cameras.stop())
    const camera = (id: string) => `{ id: ${id}, main: "${cameras.url}/${id}/main", sub: "${cameras.url}/${id}/sub" }`
    site.write([camera('cam-001'), camera('cam-002'), '{ id: down, main: "rtsp://127.0.0.1:9/x" }'])
    await site.start()
    await site.recording(['cam-001', 'cam-002'])
    address = `http://${readViewing(site)}`
  })

  afterAll(() => site[Symbol.asyncDispose]())

  const look = (page: Page) => page.evaluate(LOOK) as Promise<Look>

  it('lists cameras with their pictures, plays one by HLS, and breaks no rule of its own policy', async () => {
    await withPage(async (page, noise) => {
      await page.goto(`${address}/watch`)
      await page.waitForSelector('[data-camera="cam-001"][data-picture]', { timeout: 20_000 })
      expect(await page.textContent('[data-camera="down"] .state')).toContain('refused')
      await page.focus('[data-camera="cam-001"]')
      await page.keyboard.press('ArrowRight')
      expect(await page.evaluate('document.activeElement.dataset.camera')).toBe('cam-002')
      await page.keyboard.press('Enter')
      // A picture is there at once, before the first frame is.
      await page.waitForSelector('#poster:not([hidden])')
      await page.waitForSelector('#poster', { state: 'hidden', timeout: 15_000 })
      const before = await look(page)
      await page.waitForTimeout(6_000)
      const after = await look(page)
      expect(after).toMatchObject({ width: 640, status: '', poster: false })
      expect(after.protocol).toContain('HLS, sub')
      // 25 pictures a second.
      expect(after.frames - before.frames).toBeGreaterThan(130)
      expect(after.latency).toBeGreaterThan(200)
      expect(after.latency).toBeLessThan(4_000)
      console.log(`HLS in Chromium: ${after.latency} ms behind, ${after.frames - before.frames} frames in 6 s`)
      await page.keyboard.press('Escape')
      expect(await page.evaluate('document.activeElement.dataset.camera')).toBe('cam-002')
      expect(noise.filter(line => !line.includes('404'))).toEqual([])
    })
  })

  it('says why a camera shows nothing', async () => {
    await withPage(async page => {
      await page.goto(`${address}/watch`)
      await page.click('[data-camera="down"]')
      await page.waitForSelector('#status[data-trouble]', { timeout: 15_000 })
      expect(await page.textContent('#status')).toContain('refused')
    })
  })

  it('takes a token out of the address, and shows its cameras alone', async () => {
    using store = new AccessStore(statePaths(site.stateDir).access)
    const desk = new TokenDesk(store, statePaths(site.stateDir).keys)
    const life = 3_600_000
    const { token } = await desk.issue({ user: 'anna', cameras: ['cam-001'], life, note: null, by: 'test' }, Date.now())
    await withPage(async (page, noise) => {
      // As behind a proxy, where this machine's own rights do not count.
      await page.setExtraHTTPHeaders({ 'x-forwarded-for': '192.0.2.1' })
      await page.goto(`${address}/watch`)
      await page.waitForSelector('#sign-in:not([hidden])')
      await page.goto('about:blank')
      await site.until('the workers know the token', async () => {
        await page.goto(`${address}/watch#token=${token}`)
        await page.waitForTimeout(300)
        return (await page.textContent('#user')) === 'anna'
      })
      expect(page.url()).toBe(`${address}/watch`)
      await page.waitForSelector('[data-camera="cam-001"]')
      expect(await page.locator('[data-camera]').count()).toBe(1)
      await page.click('[data-camera="cam-001"]')
      await page.waitForSelector('#poster', { state: 'hidden', timeout: 15_000 })
      // Scripts cannot read the cookie.
      expect(await page.evaluate('document.cookie')).toBe('')
      expect(noise.filter(line => !line.includes('401'))).toEqual([])
    })
  })
})

/** Where the only worker listens for browsers, as its log says. */
function readViewing({ stateDir }: TestSite): string {
  const log = readFileSync(join(statePaths(stateDir).workers, '0.log'), 'utf8')
  const line = log.split('\n').find(each => each.includes('viewing listens'))!
  return (JSON.parse(line) as { address: string }).address
}
