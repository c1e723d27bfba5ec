import { join } from 'node:path'
import { VmsError } from '../kernel/errors.ts'

/** Bytes of a Unix socket's path that Linux takes (sun_path less its closing zero). */
const SOCKET_PATH_LIMIT = 107

/** Where things of one state directory lie. */
export interface StatePaths {
  readonly dir: string
  readonly workers: string
  /** Held exclusively by the running daemon. */
  readonly lock: string
  readonly database: string
  /** Index of the archive: what the files say, so it can be made anew. */
  readonly index: string
  /** Alarms that last, and messages that wait to be delivered. */
  readonly alarms: string
  /** Streams on demand, who wants them, and who watched what. */
  readonly live: string
  /** Access tokens that were given out, and the keys that check them. */
  readonly access: string
  /** Directory of the private keys that sign tokens. */
  readonly keys: string
  /** The daemon's HTTP API. */
  readonly socket: string
  /** The daemon's answers to the watch page, by way of the workers. */
  readonly viewing: string
  readonly daemonLog: string
  /** Directory of MediaMTX's files. */
  readonly relay: string
}

/** Throws VMS_E_STATE_DIRECTORY when the directory's path is too long for the sockets in it. */
export function statePaths(dir: string): StatePaths {
  const paths: StatePaths = {
    dir,
    workers: join(dir, 'workers'),
    lock: join(dir, 'daemon.lock'),
    database: join(dir, 'vmsctl.db'),
    index: join(dir, 'archive.db'),
    alarms: join(dir, 'alarms.db'),
    live: join(dir, 'live.db'),
    access: join(dir, 'access.db'),
    keys: join(dir, 'keys'),
    socket: join(dir, 'vmsctl.sock'),
    viewing: join(dir, 'viewing.sock'),
    daemonLog: join(dir, 'daemon.log'),
    relay: join(dir, 'mediamtx'),
  }
  // The longest of them: a gateway socket of a two-digit slot.
  const longest = Buffer.byteLength(join(paths.workers, '99.gateway.sock'))
  if (longest > SOCKET_PATH_LIMIT) {
    throw new VmsError(
      'VMS_E_STATE_DIRECTORY',
      `the path of the state directory is ${longest - SOCKET_PATH_LIMIT} bytes too long for Unix sockets: ${dir}`,
      {
        hint: 'Name a shorter one with --state-dir or VMSCTL_STATE_DIR.',
      },
    )
  }
  return paths
}

export interface WorkerPaths {
  /** The worker's control socket. */
  readonly socket: string
  readonly record: string
  readonly log: string
  /** JSON lines of finished segments and gaps. */
  readonly journal: string
  /** Where other workers pass HTTP requests on. */
  readonly http: string
  /** Where other workers hand over RTSP readers of this worker's cameras. */
  readonly gateway: string
}

export function workerPaths(stateDir: string, slot: number): WorkerPaths {
  const base = join(stateDir, 'workers', String(slot))
  return {
    socket: `${base}.sock`,
    record: `${base}.json`,
    log: `${base}.log`,
    journal: `${base}.journal`,
    http: `${base}.http.sock`,
    gateway: `${base}.gateway.sock`,
  }
}
