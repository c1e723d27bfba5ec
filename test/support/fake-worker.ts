// A media worker without media: it speaks the control protocol over its real socket, and believes that its cameras run.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { silentLogger } from '../../src/kernel/log.ts'
import { ControlServer } from '../../src/media/worker/control-server.ts'
import { PROTOCOL_VERSION, type WorkerRequest } from '../../src/media/worker/protocol.ts'
import { fakeCameraStatus, fakeSession } from './camera-status.ts'

const { values } = parseArgs({ options: { slot: { type: 'string' }, 'state-dir': { type: 'string' } } })
const slot = Number(values.slot)
const stateDir = values['state-dir'] ?? ''
const socket = join(stateDir, 'workers', `${slot}.sock`)
const startedAt = Date.now()
let cameras: Extract<WorkerRequest, { type: 'apply' }>['cameras'] = []

if (existsSync(join(stateDir, 'fake-exit'))) process.exit(3)
const server = new ControlServer(
  {
    hello: () => {
      if (existsSync(join(stateDir, 'fake-foreign'))) throw new Error('this worker speaks protocol 999')
      return { protocol: PROTOCOL_VERSION, version: 'fake', pid: process.pid, slot, startedAt }
    },
    apply: async request => {
      cameras = request.cameras
      console.log(
        JSON.stringify({
          level: 30,
          time: Date.now(),
          msg: 'applied',
          cameras: cameras.map(({ id, resume }) => ({ id, resume })),
        }),
      )
    },
    status: () => ({
      slot,
      pid: process.pid,
      cameras: cameras.map(({ id, record }) =>
        fakeCameraStatus(id, { wanted: record, now: Date.now(), since: startedAt }),
      ),
      gateway: { listening: undefined, trouble: undefined, readers: 0 },
      memory: { used: 0, waiting: 0 },
    }),
    live: {
      hold: (_connection, streams) => {
        if (existsSync(join(stateDir, 'fake-old'))) throw new Error('no such request: hold')
        writeFileSync(join(stateDir, `held-${slot}`), JSON.stringify(streams))
      },
      open: async ({ camera, stream }) => {
        if (stream === 'sub') throw new Error(`${camera}: refused`)
        return { codec: 'h264', bFrames: false, width: 640, height: 360, fps: 25, audio: null }
      },
      sessions: () => cameras.map(({ id }) => fakeSession(id)),
      endSession: id => cameras.some(camera => fakeSession(camera.id).id === id),
      access: rules => writeFileSync(join(stateDir, `access-${slot}`), JSON.stringify(rules)),
      connectionEnded: () => {},
    },
    acknowledge: position => writeFileSync(join(stateDir, 'acknowledged'), String(position)),
    stop: async () => void setTimeout(end, 10),
  },
  silentLogger,
)

function end(): void {
  server.close()
  rmSync(socket, { force: true })
  process.exit(0)
}

process.on('SIGINT', end)
// Somebody listens already: leave the slot to them, as the real worker does.
const probe = connect(socket)
probe.once('connect', () => process.exit(0))
probe.once('error', () => {
  rmSync(socket, { force: true })
  void server.listen(socket)
})
// So that a forgotten worker does not outlive its test: the state directory is removed at its end.
setInterval(() => {
  try {
    readFileSync(join(stateDir, 'alive'))
  } catch {
    process.exit(0)
  }
}, 500)
