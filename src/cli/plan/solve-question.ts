import { VmsError } from '../../kernel/errors.ts'
import { say } from '../../planning/inputs/draft.ts'
import { type Goal, type Solution, solve } from '../../planning/solve/solve.ts'
import { type Given, type PlanFlags, parseGiven, planDraft } from './plan-request.ts'

/** Settings of one machine: whoever gives them without a number of nodes has one. */
const OF_A_NODE = ['cores', 'memory', 'nic']

/** The answer to `plan solve`. Throws VMS_E_USAGE when it does not say what to look for. */
export async function solveQuestion(flags: PlanFlags & { given: string }): Promise<Solution> {
  const goal = goalOf(flags)
  // A comma inside a value (P10,P50,P90) has no setting behind it.
  const given =
    flags.given.trim() === ''
      ? []
      : flags.given.split(/,(?=\s*[a-z][a-z-]*\s*=)/).map(text => parseGiven(text, '--given'))
  const counted: Given[] = goal.key === 'cameras' ? [{ key: 'cameras', text: '1', shown: '--max cameras' }] : []
  const keepsMix = flags['from-csv'] !== undefined || flags.from !== undefined || flags.measured
  const { draft } = await planDraft(flags, keepsMix ? given : [...counted, ...given])
  const said = (key: string) => draft.site.has(key)
  if (OF_A_NODE.some(said) && !said('nodes') && goal.key !== 'nodes') {
    const place = { by: 'flag' as const, shown: '--given', source: { text: 'one machine was given' } }
    say(draft, 'nodes', '1', place)
    if (!said('spare-nodes')) say(draft, 'spare-nodes', '0', place)
  }
  return solve(draft, goal)
}

function goalOf(flags: PlanFlags): Goal {
  if (typeof flags.max === 'string') return { direction: 'max', key: flags.max }
  if (typeof flags.min === 'string') return { direction: 'min', key: flags.min }
  throw new VmsError('VMS_E_USAGE', 'what is to be found?', { hint: 'Say --max cameras, or --min uplink.' })
}
