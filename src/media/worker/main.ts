/**
 * The media worker process: `main --slot N --state-dir DIR`. A daemon starts it, and speaks to it over
 * DIR/workers/N.sock; it outlives the daemon and is found there by the next.
 */
import { readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { statePaths, workerPaths } from '../../config/state-paths.ts'
import { systemClock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import { Journal } from '../recorder/index.ts'
import { ControlServer } from './control-server.ts'
import { MediaWorker } from './media-worker.ts'

const { values } = parseArgs({ options: { slot: { type: 'string' }, 'state-dir': { type: 'string' } } })
const slot = Number(values.slot)
const stateDir = values['state-dir'] ?? '.'
const paths = workerPaths(stateDir, slot)
// Standard output is the slot's log file; synchronous, so that the last words before an end are on disk.
const log = pino({ base: { slot } }, pino.destination({ fd: 1, sync: true }))
const { version } = JSON.parse(readFileSync(new URL(packageFile(), import.meta.url), 'utf8')) as { version: string }

const worker = new MediaWorker({
  slot,
  version,
  pid: process.pid,
  journal: new Journal({ path: paths.journal, clock: systemClock, log }),
  gatewaySocket: paths.gateway,
  httpSocket: paths.http,
  viewingApi: statePaths(stateDir).viewing,
  clock: systemClock,
  random: Math.random,
  log,
  onStopped: () => {
    // The answer to `stop` goes out first.
    setTimeout(() => {
      control.close()
      rmSync(paths.socket, { force: true })
      process.exit(0)
    }, 50)
  },
})
const control = new ControlServer(worker, log)
// A socket of a dead worker stands in the way; that no other one lives is the daemon's to know.
rmSync(paths.socket, { force: true })
await control.listen(paths.socket)
log.info({ pid: process.pid, version }, 'worker runs')

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void worker.stop())
process.on('SIGHUP', () => {})
process.on('uncaughtException', error => {
  log.fatal({ error: messageOf(error), stack: error.stack }, 'worker dies')
  process.exit(1)
})

/** package.json from src/media/worker or from dist/src/media/worker. */
function packageFile(): string {
  return import.meta.url.endsWith('.ts') ? '../../../package.json' : '../../../../package.json'
}
