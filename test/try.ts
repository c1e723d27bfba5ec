import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { spawnVirtualCameras } from '../src/media/virtual/index.ts'
import { eventually, ViewingWorker, wantedCamera } from './support/viewing-worker.ts'
const run = promisify(execFile)
const cams = await spawnVirtualCameras({ count: 2, audio: 'aac' as never })
const w = new ViewingWorker()
await w.apply(['cam-001','cam-002'].map(id => wantedCamera(cams.url, id, { record: id === 'cam-002' })))
await eventually(() => w.worker.status().viewing?.listening !== undefined)
const cmd = process.argv[2]!.replaceAll('URL', `${w.url}/hls/cam-001/sub/index.m3u8`)
const g = await run('bash', ['-c', cmd], { timeout: 25_000, env: {...process.env, GST_DEBUG: process.argv[3] ?? '2'} }).catch(e => e)
console.log('out', g.stderr?.slice(-5000), g.stdout?.slice(-1500), g.code)
await w[Symbol.asyncDispose](); await cams.stop(); process.exit(0)
