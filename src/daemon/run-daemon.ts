import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findConfig, formatFault, loadSiteConfig, resolveSecret } from '../config/index.ts'
import { makeStateDirectory } from '../config/make-state-directory.ts'
import { statePaths } from '../config/state-paths.ts'
import { openDatabase } from '../database/open.ts'
import { type Clock, systemClock, type Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { openOrRenewIndex } from '../recording/index.ts'
import { STATE_SCHEMA } from '../state/state-schema.ts'
import { openLive } from '../streaming/index.ts'
import {
  detachedLauncher,
  rotateLog,
  type ServiceNotifier,
  systemdNotifier,
  WorkerSupervisor,
} from '../supervision/index.ts'
import { Daemon } from './daemon.ts'
import type { LoadedConfig } from './held-site.ts'
import { createApi } from './http/api.ts'
import { closeServer, serveApi } from './http/serve.ts'
import { createViewingApi } from './http/viewing-api.ts'
import { clearStaleSocket, takeInstanceLock } from './instance-lock.ts'
import { daemonLogger, logsTo } from './logging.ts'
import { ownVersion } from './version.ts'

export interface RunOptions {
  /** Value of --config; undefined looks in the usual places. */
  readonly config: string | undefined
  /** Absolute. */
  readonly stateDir: string
  readonly clock?: Clock
  readonly log?: Logger
  readonly notify?: ServiceNotifier
  /** The worker's program, for tests with one of their own. */
  readonly workerProgram?: string | undefined
}

export interface RunningDaemon {
  readonly socket: string
  reload(): Promise<void>
  /** Ends the daemon; the recorders too, if asked. */
  stop(recorders: boolean): void
  /** Settles when it has ended and everything is closed. */
  readonly ended: Promise<void>
}

/** The daemon checks itself this often when nobody else sets the pace, milliseconds. */
const WATCH_PERIOD = 5_000
/** A supervision loop that has not come round for so long is broken. */
const SWEEP_LIMIT = 20_000

/**
 * Runs a daemon in this process until it is stopped. Resolves once its API answers and workers are on their way. Rejects
 * with VMS_E_DAEMON_RUNNING, VMS_E_CONFIG_INVALID or VMS_E_STATE_DIRECTORY; recorders of an earlier daemon then go on.
 */
export async function runDaemon(options: RunOptions): Promise<RunningDaemon> {
  const undo: Undo = []
  try {
    return await begin(options, undo)
  } catch (error) {
    await runBackwards(undo)
    throw error
  }
}

/** Ways to give up what was taken, in the order of taking. */
type Undo = (() => unknown)[]

async function runBackwards(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}

async function begin(options: RunOptions, undo: Undo): Promise<RunningDaemon> {
  const clock = options.clock ?? systemClock
  const log = options.log ?? daemonLogger(clock)
  const notify = options.notify ?? systemdNotifier(process.env, log)
  const paths = statePaths(options.stateDir)
  const version = ownVersion()
  const config = findConfig(options.config, { env: process.env, cwd: process.cwd() })
  makeStateDirectory(paths.workers)

  const lock = takeInstanceLock(paths.lock)
  undo.push(() => lock.release())
  await clearStaleSocket(paths.socket)
  const database = openDatabase(paths.database, STATE_SCHEMA)
  undo.push(() => database.close())
  const index = openOrRenewIndex(paths.index, new Date(clock.wall()))
  undo.push(() => index.database.close())
  if (index.setAside !== undefined)
    log.error({ path: index.setAside }, 'the index of the archive was damaged, and is made anew')
  const live = openLive(paths.live, new Date(clock.wall()))
  undo.push(() => live.database.close())
  if (live.setAside !== undefined)
    log.error({ path: live.setAside }, 'the registry of live streams was damaged, and is begun anew')
  const { workerProgram: program } = options
  const launcher = detachedLauncher({ stateDir: paths.dir, version, clock, log, program })
  const match = program === undefined ? {} : { program: endingIn(program) }
  const supervisor = new WorkerSupervisor({ stateDir: paths.dir, version, clock, log, launcher, ...match })
  undo.push(() => supervisor.leave())

  let finish!: (recorders: boolean) => void
  const asked = new Promise<boolean>(resolve => {
    finish = resolve
  })
  const daemon = new Daemon({
    stateDir: paths.dir,
    version,
    cores: availableParallelism(),
    clock,
    log,
    database,
    index: index.database,
    live: live.database,
    alarms: paths.alarms,
    access: paths.access,
    keys: paths.keys,
    relay: paths.relay,
    supervisor,
    load: () => load(config),
    resolveSecret: ({ password }) =>
      resolveSecret(password, process.env, warning => log.warn({ warning }, 'password file')),
    // After the answer to whoever asked.
    end: recorders => void setImmediate(() => finish(recorders)),
  })
  undo.push(() => daemon.end())
  await daemon.start()
  const server = await serveApi(createApi(daemon, version, log), paths.socket)
  undo.push(() => rmSync(paths.socket, { force: true }))
  undo.push(() => closeServer(server, clock))
  const { viewing: desk, tokens } = daemon
  rmSync(paths.viewing, { force: true })
  const viewing = await serveApi(createViewingApi({ desk, tokens, host: () => daemon.viewingHost, log }), paths.viewing)
  undo.push(() => rmSync(paths.viewing, { force: true }))
  undo.push(() => closeServer(viewing, clock))
  const watch = watchOver({
    clock,
    log,
    notify,
    supervisor,
    ownLog: logsTo(paths.daemonLog) ? paths.daemonLog : undefined,
  })
  undo.push(() => watch.cancel())
  log.info({ pid: process.pid, version, socket: paths.socket, site: daemon.site }, 'daemon is up')
  await notify.ready(`${daemon.site}: up`)

  const ended = asked.then(async recorders => {
    log.info({}, recorders ? 'daemon ends, and the recorders with it' : 'daemon ends; the recorders go on')
    await notify.stopping()
    if (recorders) await supervisor.stopAll()
    await runBackwards(undo)
    log.info({}, 'daemon has ended')
  })
  const reload = async () => {
    await notify.reloading()
    // What was wrong is in the log and in the status; the old configuration stays.
    await daemon.reload().catch(() => {})
    await notify.ready(`${daemon.site}: up`)
  }
  return { socket: paths.socket, ended, stop: finish, reload }
}

interface WatchOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly notify: ServiceNotifier
  readonly supervisor: WorkerSupervisor
  /** The file that our own log goes to, when it does. */
  readonly ownLog: string | undefined
}

/** Tells systemd that we live, as long as supervision comes round; keeps our log in bounds. */
function watchOver({ clock, log, notify, supervisor, ownLog }: WatchOptions): Timer {
  const period = notify.watchdog === undefined ? WATCH_PERIOD : Math.min(WATCH_PERIOD, notify.watchdog / 2)
  return clock.every(period, () => {
    try {
      if (ownLog !== undefined) rotateLog(ownLog)
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'log not rotated')
    }
    if (notify.watchdog === undefined) return
    if (supervisor.sweepAge < SWEEP_LIMIT) void notify.alive()
    else log.error({ sweepAge: supervisor.sweepAge }, 'supervision stands still: no sign of life to systemd')
  })
}

function endingIn(path: string): RegExp {
  return new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
}

async function load(path: string): Promise<LoadedConfig> {
  // Whoever reads our messages may be in another directory: paths are shown whole.
  const { config, warnings } = await loadSiteConfig(path, { env: process.env, cwd: process.cwd(), shownFrom: '/' })
  return { config, warnings: warnings.map(warning => formatFault(warning)) }
}
