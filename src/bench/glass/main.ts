/**
 * `npm run bench:glass [seconds]`: how old a camera's picture is when a real Chromium shows it, by WHEP and HLS of MediaMTX and by our
 * own HLS. Begin: the moment a virtual camera hands the whole frame to its socket, by the mark in the frame. End: `presentationTime` of
 * requestVideoFrameCallback, when the browser handed the decoded picture to its compositor. Both by this machine's clock; sensor, encoder
 * and screen of a real site come on top. Needs a checkout (playwright-core), Chromium and MediaMTX.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { sleep, systemClock } from '../../kernel/clock.ts'
import { spawnVirtualCameras } from '../../media/virtual/index.ts'
import { quantile } from '../join/quantile.ts'
import { BenchSite } from '../live/bench-site.ts'
import { startKeeper } from '../start-keeper.ts'
import { latencies, type Stamped } from './latencies.ts'
import { installHls, installWhep } from './page.ts'

const CAMERAS = 8
const SETTLE = 6_000
/** Playwright would end the process with the signal, and leave the site behind. */
const OURS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
const HLS_TOLERANCE = 15
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const HLS = readFileSync(
  fileURLToPath(new URL('../../../node_modules/hls.js/dist/hls.light.min.js', import.meta.url)),
  'utf8',
)
const [seconds = 20] = process.argv.slice(2).map(Number)

interface Seen {
  readonly coded: readonly Stamped[]
  readonly shown: readonly Stamped[]
  readonly trouble: string
}

/** Plays one stream in a page of its own, whose address is of the server's origin; what comes before `SETTLE` is left out. */
async function watch(
  browser: Browser,
  what: string,
  url: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const page = await browser.newPage()
  try {
    const address = new URL('/glass', url).href
    const body = '<!doctype html><video muted autoplay playsinline></video>'
    await page.route(address, route => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(address)
    const whep = url.endsWith('/whep')
    const began = Date.now()
    if (whep) await page.evaluate(installWhep, { url, token: token ?? '' })
    else {
      await page.evaluate(HLS)
      await page.evaluate(installHls, { url, token })
    }
    await sleep(systemClock, SETTLE, signal)
    const first = ((await page.evaluate('shown[0]')) as Stamped | undefined)?.[1]
    await page.evaluate('shown.length = 0')
    await sleep(systemClock, seconds * 1_000, signal)
    signal.throwIfAborted()
    const { coded, shown, trouble } = (await page.evaluate('({ coded, shown, trouble })')) as Seen
    const times = latencies(coded, shown, whep ? 0 : HLS_TOLERANCE)
    const at = (share: number) => `${quantile(times, share).toFixed(0)}`.padStart(5)
    const start = first === undefined ? 'no picture' : `${(first - began).toFixed(0)} ms`
    const trailer = trouble === '' ? '' : `; ${trouble}`
    console.log(
      `${what.padEnd(34)}${at(0.5)} ${at(0.95)} ${at(1)} ms   ${times.length} of ${shown.length} pictures in ${seconds} s; first picture after ${start}${trailer}`,
    )
  } finally {
    await page.close()
  }
}

if (CHROMIUM === undefined) throw new Error('Chromium is not installed')
const root = mkdtempSync(join(tmpdir(), 'vmsctl-bench-'))
const keeper = startKeeper(root)
const abort = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort.abort())

async function run(executablePath: string, signal: AbortSignal): Promise<void> {
  const simulator = await spawnVirtualCameras({ count: CAMERAS })
  const rest: (() => Promise<unknown>)[] = [() => simulator.stop()]
  try {
    const site = await BenchSite.start(simulator.cameras, { directory: root, linger: 30_000 }, systemClock, signal)
    rest.push(() => site.stop())
    const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required']
    const browser = await chromium.launch({ executablePath, args, ...OURS })
    rest.push(() => browser.close())
    const { webrtc, hls, viewing } = site.doors
    console.log(`From the camera's socket to the screen of ${browser.browserType().name()} ${browser.version()}:`)
    console.log(`${''.padEnd(34)}  p50   p95   max`)
    // Each has a camera of its own: nobody finds a stream that runs already.
    const of = (index: number) => simulator.cameras[index]!.id
    await watch(browser, 'WHEP of MediaMTX, sub', `http://${webrtc}/live/${of(0)}/whep`, site.token, signal)
    await watch(browser, 'WHEP of MediaMTX, main', `http://${webrtc}/main/${of(1)}/whep`, site.token, signal)
    await watch(browser, 'HLS of MediaMTX, sub', `http://${hls}/live/${of(2)}/index.m3u8`, site.token, signal)
    await watch(browser, 'HLS of vmsctl, sub', `http://${viewing}/hls/${of(3)}/sub/index.m3u8`, undefined, signal)
    await watch(browser, 'HLS of vmsctl, main', `http://${viewing}/hls/${of(4)}/main/index.m3u8`, undefined, signal)
  } finally {
    for (const end of rest.reverse()) await end()
    rmSync(root, { recursive: true, force: true })
    await keeper.dismiss()
  }
}

await run(CHROMIUM, abort.signal).catch(error => {
  if (!abort.signal.aborted) throw error
  console.log('interrupted; everything has been removed')
  process.exitCode = 130
})
