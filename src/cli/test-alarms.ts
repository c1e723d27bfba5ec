import { suggest } from '../config/index.ts'
import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { sendTest } from '../recording/alarms/index.ts'

export interface TestResult {
  readonly target: string
  readonly kind: string
  /** Null when it was delivered. */
  readonly error: string | null
}

/** Sends a test message to every target, or to the one called `to`. Throws VMS_E_USAGE when there is none of that name. */
export async function testAlarms(
  config: SiteConfig,
  to: string | undefined,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<TestResult[]> {
  const { targets } = config.alarms
  const names = targets.map(({ name }) => name)
  if (to !== undefined && !names.includes(to)) {
    const near = suggest(to, names)
    throw new VmsError('VMS_E_USAGE', `alarms.deliver has no entry ${JSON.stringify(to.slice(0, 64))}`, {
      hint: near === undefined ? `It has: ${names.join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    })
  }
  const context = { clock: systemClock, env, log: onStandardError(), random: Math.random }
  const results = await Promise.all(
    targets
      .filter(({ name }) => to === undefined || name === to)
      .map(async target => ({
        target: target.name,
        kind: target.kind,
        error: await sendTest(target, config.site, context, signal).then(() => null, messageOf),
      })),
  )
  signal.throwIfAborted()
  return results
}

/** The journal of a command is its standard error. */
function onStandardError(): Logger {
  const say = (_: object, message: string) => void process.stderr.write(`${message}\n`)
  const log: Logger = { debug: () => {}, info: say, warn: say, error: say, child: () => log }
  return log
}
