// The daemon as a program of its own: `vmsctl daemon start` and tests spawn it. `vmsctl daemon run` is the same in the foreground.
import { parseArgs } from 'node:util'
import { asVmsExit } from './exit-code.ts'
import { runInForeground } from './foreground.ts'

const { values } = parseArgs({
  options: { config: { type: 'string' }, 'state-dir': { type: 'string' }, 'worker-program': { type: 'string' } },
})

try {
  const stateDir = values['state-dir']
  if (stateDir === undefined) throw new Error('--state-dir is missing')
  await runInForeground({ config: values.config, stateDir, workerProgram: values['worker-program'] })
  process.exit(0)
} catch (error) {
  process.exit(asVmsExit(error))
}
