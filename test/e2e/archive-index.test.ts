import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadSiteConfig } from '../../src/config/index.ts'
import { requestOverSocket } from '../../src/daemon/socket-http.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { inspectSegment } from '../../src/media/segment-file/index.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { openArchive } from '../../src/recording/index.ts'
import type { Interval } from '../../src/recording/types.ts'
import { hasProgram } from '../support/programs.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

const site = new TestSite({ segment: 2 })
const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
const index = join(site.stateDir, 'archive.db')
const ALL: Interval = { start: 0, end: 4e12 }
const hasFfmpeg = hasProgram('ffmpeg')

/** What the index says of every segment, and what it makes of that. */
async function contents(camera = 'cam-001') {
  const { config } = await loadSiteConfig(site.config, { env: process.env, cwd: process.cwd() })
  const archive = await openArchive({ config, stateDir: site.stateDir, clock: systemClock })
  try {
    return {
      segments: archive.segments(camera, ALL),
      recorded: archive.index.recorded(camera, ALL),
      totals: archive.index.totals().get(camera),
      gaps: archive.index.gaps(camera, ALL),
      account: await archive.coverage(camera, { start: Date.now() - 3_600_000, end: Date.now() }),
      all: await archive.allSegments(camera, ALL),
    }
  } finally {
    archive.close()
  }
}
const forgetIndex = () => {
  for (const name of readdirSync(site.stateDir)) if (name.startsWith('archive.db')) rmSync(join(site.stateDir, name))
}
const withoutJournals = () => {
  for (const name of readdirSync(join(site.stateDir, 'workers')))
    if (name.includes('.journal')) rmSync(join(site.stateDir, 'workers', name))
}

beforeAll(async () => {
  const cameras = await spawnVirtualCameras({ count: 2, main: 500_000, sub: 200_000, gop: 25 })
  site.defer(() => cameras.stop())
  site.write([
    site.range(cameras),
    ...(hasFfmpeg ? [`{ id: by-ffmpeg, main: "${cameras.url}/cam-001/main", engine: ffmpeg }`] : []),
  ])
  expect((await vmsctl(['archive', 'rebuild'], env)).err).not.toMatch(/Error|VMS_E/)
  await site.start()
  await site.recording()
  await site.until('segments are closed', async () => (await contents()).segments.length >= 3)
})

afterAll(() => site[Symbol.asyncDispose]())

it('counts what is being written as recorded, to within the last second or two', async () => {
  const { account, segments, all } = await contents()
  const recorded = account.filter(({ state }) => state === 'recorded')
  expect(recorded).toHaveLength(1)
  expect(Date.now() - recorded[0]!.end).toBeLessThan(3_000)
  expect(all.length).toBeGreaterThan(segments.length)
  expect(all.at(-1)!.ended).toBe('')
})

it('exports what is being written, but not as evidence', async () => {
  const clip = join(site.dir, 'clip.mp4')
  expect((await vmsctl(['archive', 'export', 'cam-001', '--from', '-1s', '-o', clip], env)).code).toBe(0)
  const proof = join(site.dir, 'proof.mp4')
  const { code, err } = await vmsctl(['archive', 'export', 'cam-001', '--from', '-1s', '-o', proof, '--evidence'], env)
  expect([code, err]).toEqual([4, expect.stringContaining('is still being written')])
  expect(existsSync(proof)).toBe(false)
})

it('answers over HTTP what commands say', async () => {
  const get = async (path: string) => {
    const { status, body } = await requestOverSocket(join(site.stateDir, 'vmsctl.sock'), 'GET', path, '', 10_000)
    return { status, body: JSON.parse(body) }
  }
  const listed = await get('/v1/archive/cam-001/segments?from=-5min')
  expect(listed.status).toBe(200)
  expect(listed.body.segments.slice(0, 2)).toEqual((await contents()).segments.slice(0, 2))
  expect(listed.body.segments.at(-1).ended).toBe('')
  const { body } = await get('/v1/archive/coverage?camera=cam-001&camera=cam-002&from=-5min')
  expect(body.cameras.map(({ camera }: { camera: string }) => camera)).toEqual(['cam-001', 'cam-002'])
  for (const { pieces } of body.cameras) {
    expect(pieces.filter(({ state }: { state: string }) => state === 'recorded')).toHaveLength(1)
  }
  const unknown = await get('/v1/archive/cam-0001/segments')
  expect([unknown.status, unknown.body.error.code, unknown.body.error.hint]).toEqual([
    404,
    'VMS_E_CAMERA_NOT_FOUND',
    expect.stringContaining('cam-001'),
  ])
  expect((await get('/v1/archive/coverage?from=noon')).status).toBe(400)
  expect((await get('/v1/archive/coverage?from=now&to=-1h')).status).toBe(400)
})

it('plays any span over HTTP, from the key frame before', async () => {
  const { segments } = await contents()
  const from = segments[0]!.start + 1_500
  const path = `/v1/archive/cam-001/playback?from=${new Date(from).toISOString()}&duration=3s`
  const chunks: Buffer[] = []
  const ask = (method: 'GET' | 'HEAD', into: Buffer[], asked: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath: join(site.stateDir, 'vmsctl.sock'), path, method, headers: asked }, answer => {
        answer.on('data', chunk => into.push(chunk))
        answer.on('end', () => resolve(answer))
      })
        .on('error', reject)
        .end()
    })
  const { headers } = await ask('GET', chunks)
  // A server that knows no ranges answers with the whole (RFC 9110, section 14.2), and says so.
  for (const range of ['bytes=0-99', 'bytes=-5', 'bytes=999999999-']) {
    const whole: Buffer[] = []
    const { statusCode, headers } = await ask('GET', whole, { range })
    expect([statusCode, headers['accept-ranges'], headers['content-range']]).toEqual([200, 'none', undefined])
    expect(Buffer.concat(whole).equals(Buffer.concat(chunks))).toBe(true)
  }
  const nothing: Buffer[] = []
  const head = await ask('HEAD', nothing)
  expect([head.statusCode, head.headers['content-type'], nothing]).toEqual([200, 'video/mp4', []])
  expect(headers['content-type']).toBe('video/mp4')
  const begun = Number(headers['vmsctl-from'])
  expect(begun).toBeLessThanOrEqual(from)
  expect(from - begun).toBeLessThanOrEqual(1_100)
  const file = join(site.dir, 'playback.mp4')
  writeFileSync(file, Buffer.concat(chunks))
  const header = await inspectSegment(file)
  const seconds = header!.duration / header!.timescale
  expect(seconds).toBeGreaterThan(2.9)
  expect(seconds).toBeLessThan(4.3)
  expect(header!.frames).toBe(Math.round(seconds * 25))
})

it('makes the same index from the files alone', async () => {
  await site.stop()
  const before = await contents()
  const byFfmpeg = (await contents('by-ffmpeg')).segments
  // With the journals: what they and the files tell counts once, whoever is asked first.
  forgetIndex()
  expect((await vmsctl(['archive', 'rebuild'], env)).code).toBe(0)
  expect((await contents('by-ffmpeg')).segments).toEqual(byFfmpeg)
  expect((await contents()).segments).toEqual(before.segments)
  expect(before.segments.every(({ sha256 }) => sha256?.length === 64)).toBe(true)
  expect(before.recorded).toHaveLength(1)
  forgetIndex()
  withoutJournals()
  const { code, err } = await vmsctl(['archive', 'list', 'cam-001'], env)
  expect([code, err]).toEqual([3, expect.stringContaining('vmsctl archive rebuild')])
  const report = JSON.parse((await vmsctl(['archive', 'rebuild', '--json'], env)).out)
  expect(report).toMatchObject({ known: 0, open: 0, skipped: 0, files: report.added })
  const after = await contents()
  expect(after.segments).toEqual(before.segments)
  expect([after.recorded, after.totals]).toEqual([before.recorded, before.totals])
  const again = JSON.parse((await vmsctl(['archive', 'rebuild', '--json'], env)).out)
  expect(again).toMatchObject({ added: 0, known: report.files })
})

it.skipIf(!hasFfmpeg)('finds what ffmpeg recorded, as one run', async () => {
  const { segments, recorded } = await contents('by-ffmpeg')
  expect(segments.length).toBeGreaterThan(1)
  expect(recorded).toHaveLength(1)
})

it('puts a damaged index aside, and a daemon makes it anew', async () => {
  const before = await contents()
  forgetIndex()
  writeFileSync(index, 'no database at all, but long enough to be looked at '.repeat(200))
  const refused = await vmsctl(['archive', 'list', 'cam-001'], env)
  expect([refused.code, refused.err]).toEqual([5, expect.stringContaining('is damaged')])
  expect(existsSync(index)).toBe(true)
  withoutJournals()
  await site.start()
  await site.until('the index is there again', async () => (await contents()).segments.length >= before.segments.length)
  const { segments } = await contents()
  expect(segments.slice(0, before.segments.length)).toEqual(before.segments)
  expect(readdirSync(site.stateDir).filter(name => name.startsWith('archive.db.damaged-'))).not.toEqual([])
})

it('refuses the index of a newer vmsctl', async () => {
  await site.stop()
  const database = new DatabaseSync(index)
  database.exec('PRAGMA user_version = 99')
  database.close()
  const { code, err } = await vmsctl(['archive', 'rebuild'], env)
  expect([code, err]).toEqual([5, expect.stringContaining('newer vmsctl')])
})
