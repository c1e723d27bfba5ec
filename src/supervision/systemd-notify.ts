import { execFile } from 'node:child_process'
import type { Logger } from '../kernel/log.ts'

/** Tells systemd how a Type=notify service is (sd_notify(3)). Without NOTIFY_SOCKET every call does nothing. */
export interface ServiceNotifier {
  /** Milliseconds within which systemd wants to hear {@link alive}; undefined when it does not watch. */
  readonly watchdog: number | undefined
  ready(status: string): Promise<void>
  status(text: string): Promise<void>
  reloading(): Promise<void>
  stopping(): Promise<void>
  alive(): Promise<void>
}

/**
 * Speaks through the systemd-notify program: Node cannot write to a Unix datagram socket. The unit needs NotifyAccess=all,
 * for the message comes from the helper's pid. A failed call is logged and forgotten.
 */
export function systemdNotifier(environment: NodeJS.ProcessEnv, log: Logger, pid = process.pid): ServiceNotifier {
  const send = (...variables: string[]): Promise<void> => {
    if (environment.NOTIFY_SOCKET === undefined || environment.NOTIFY_SOCKET === '') return Promise.resolve()
    return new Promise(resolve => {
      execFile('systemd-notify', [`--pid=${pid}`, ...variables], { timeout: 10_000, env: environment }, error => {
        if (error) log.warn({ error: error.message.split('\n')[0], variables }, 'systemd-notify failed')
        resolve()
      })
    })
  }
  return {
    watchdog: watchdogPeriod(environment, pid),
    ready: text => send('READY=1', `STATUS=${oneLine(text)}`),
    status: text => send(`STATUS=${oneLine(text)}`),
    reloading: () => send('RELOADING=1'),
    stopping: () => send('STOPPING=1'),
    alive: () => send('WATCHDOG=1'),
  }
}

/** The limit of WATCHDOG_USEC in milliseconds, if it is meant for this process (WATCHDOG_PID). */
export function watchdogPeriod(environment: NodeJS.ProcessEnv, pid: number): number | undefined {
  const microseconds = Number(environment.WATCHDOG_USEC)
  if (!Number.isSafeInteger(microseconds) || microseconds <= 0) return undefined
  if (environment.WATCHDOG_PID !== undefined && Number(environment.WATCHDOG_PID) !== pid) return undefined
  return microseconds / 1000
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 500)
}
