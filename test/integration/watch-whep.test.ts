import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/bench/free-port.ts'
import { closeServer, serveApi } from '../../src/daemon/http/serve.ts'
import { createViewingApi } from '../../src/daemon/http/viewing-api.ts'
import { ViewingDesk, type WebRtcRelay } from '../../src/daemon/viewing/viewing-desk.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { TokenGate } from '../../src/media/viewers/index.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { camera, site } from '../daemon/site.ts'
import { hasChromium, withPage } from '../support/browser-player.ts'
import { hasProgram } from '../support/programs.ts'
import { eventually, ViewingWorker, wantedCamera } from '../support/viewing-worker.ts'

const CAMERAS = ['cam-001', 'cam-002']

describe.skipIf(!hasChromium() || !hasProgram('mediamtx', ['--version']))(
  'the watch page beside a real MediaMTX',
  () => {
    let cameras: VirtualCamerasProcess
    let worker: ViewingWorker
    let relayProcess: ChildProcess
    let relay: WebRtcRelay | undefined
    let api: Server

    beforeAll(async () => {
      cameras = await spawnVirtualCameras({ count: CAMERAS.length })
      worker = new ViewingWorker()
      await worker.apply(CAMERAS.map(id => wantedCamera(cameras.url, id)))
      await eventually(() => {
        const { gateway, viewing } = worker.worker.status()
        return gateway.listening !== undefined && viewing?.listening !== undefined
      })
      const [http, udp, rtsp] = [await freePort(), await freePort(), await freePort()]
      const config = join(worker.dir, 'mediamtx.yml')
      const gateway = worker.worker.status().gateway.listening
      writeFileSync(
        config,
        [
          ...['rtmp', 'hls', 'srt'].map(name => `${name}: no`),
          ...[`rtspAddress: 127.0.0.1:${rtsp}`, 'rtspTransports: [tcp]'],
          ...[`webrtcAddress: 127.0.0.1:${http}`, `webrtcLocalUDPAddress: 127.0.0.1:${udp}`],
          ...['webrtcIPsFromInterfaces: no', 'webrtcAdditionalHosts: [127.0.0.1]'],
          'paths:',
          ...CAMERAS.map(
            id => `  live/${id}: { source: "rtsp://${gateway}/${id}/sub?for=mediamtx", sourceOnDemand: yes }`,
          ),
        ].join('\n'),
      )
      relayProcess = spawn('mediamtx', [config], { stdio: 'ignore', env: { ...process.env, MTX_MOQ: 'no' } })
      await eventually(() =>
        fetch(`http://127.0.0.1:${http}/`).then(
          () => true,
          () => false,
        ),
      )
      const found: WebRtcRelay = {
        whepUrl: camera => `http://127.0.0.1:${http}/live/${camera}/whep`,
        iceServers: async () => [],
      }
      relay = found
      const desk = new ViewingDesk({
        config: () => site(CAMERAS.map(id => camera(id))),
        plane: {
          open: (camera, stream, signal) => worker.worker.live.open({ camera, stream }, signal),
          hold: () => {},
          access: () => {},
          sessions: async () => ({ sessions: worker.worker.live.sessions(), unknown: new Set() }),
          endSession: async (id, reason) => worker.worker.live.endSession(id, reason),
        },
        views: () => [],
        refresh: async () => {},
        relay: () => relay,
        clock: systemClock,
      })
      const tokens = new TokenGate(systemClock)
      api = await serveApi(
        createViewingApi({ desk, tokens, host: () => '127.0.0.1', log: silentLogger }),
        join(worker.dir, 'viewing.sock'),
      )
    })

    afterAll(async () => {
      await closeServer(api, systemClock)
      const ended = once(relayProcess, 'exit')
      relayProcess.kill()
      await ended
      await worker[Symbol.asyncDispose]()
      await cameras.stop()
    })

    it('plays by WebRTC, signalled through its own site, and ends the session when one goes back', async () => {
      await withPage(async (page, noise) => {
        await page.goto(`${worker.url}/watch`)
        await page.click('[data-camera="cam-001"]')
        await page.waitForSelector('#protocol[data-protocol="webrtc"]', { timeout: 20_000 })
        await page.waitForSelector('#poster', { state: 'hidden', timeout: 15_000 })
        const frames = () => page.evaluate('document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames')
        const before = (await frames()) as number
        await page.waitForTimeout(4_000)
        expect(((await frames()) as number) - before).toBeGreaterThan(80)
        // MediaMTX's own pull is no person.
        expect(worker.worker.live.sessions()).toMatchObject([{ camera: 'cam-001', protocol: 'rtsp', relay: true }])
        await page.click('#back')
        expect(await eventually(() => worker.worker.live.sessions().length === 0, 20)).toBe(true)
        expect(noise.filter(line => !line.includes('404'))).toEqual([])
      })
    })

    it('falls to HLS where MediaMTX does not answer', async () => {
      const own = relay!
      relay = { ...own, whepUrl: () => 'http://127.0.0.1:9/whep' }
      await withPage(async page => {
        await page.goto(`${worker.url}/watch`)
        await page.click('[data-camera="cam-002"]')
        await page.waitForSelector('#protocol[data-protocol="hls"]', { timeout: 20_000 })
        await page.waitForSelector('#poster', { state: 'hidden', timeout: 15_000 })
      })
      relay = own
    })
  },
)
