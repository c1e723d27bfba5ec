// The daemon as a program of its own: `vmsctl daemon start` and tests spawn it. `vmsctl daemon run` is the same in the foreground.
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { asVmsExit } from './exit-code.ts'
import { runInForeground } from './foreground.ts'
import { daemonLogger } from './logging.ts'

const { values } = parseArgs({
  options: { config: { type: 'string' }, 'state-dir': { type: 'string' }, 'worker-program': { type: 'string' } },
})

try {
  const stateDir = values['state-dir']
  if (stateDir === undefined) throw new Error('--state-dir is missing')
  await runInForeground({ config: values.config, stateDir, workerProgram: values['worker-program'] })
  process.exit(0)
} catch (error) {
  // Whoever started us finds these words in the log, and says them.
  const { code, hint } = error instanceof VmsError ? error : { code: 'VMS_E_BUG', hint: undefined }
  daemonLogger(systemClock).error({ code, ...(hint === undefined ? {} : { hint }) }, messageOf(error))
  process.exit(asVmsExit(error))
}
