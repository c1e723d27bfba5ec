import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { SOURCE_FLAGS, settingFlags } from '../../src/cli/plan/plan-flags.ts'
import type { PlanFlags } from '../../src/cli/plan/plan-request.ts'
import { solveQuestion } from '../../src/cli/plan/solve-question.ts'
import { planSite } from '../../src/planning/index.ts'

export default class PlanSolve extends BaseCommand {
  static override summary = 'Ask the other way round: how much this hardware carries, what a site needs'
  static override description =
    `Searches on the same model. What is given (and the uplink) limits; what is not given is sized, and limits nothing. Hardware of one
machine without a number of nodes is one node without a spare.`
  static override examples = [
    "<%= config.bin %> <%= command.id %> --max cameras --given 'cores=8,uplink=1Gbps,disks=12x16TB'",
    "<%= config.bin %> <%= command.id %> --max retention --cameras 200 --given 'disks=28x16TB,uplink=none'",
    '<%= config.bin %> <%= command.id %> --min uplink --cameras 200',
  ]
  static override flags = {
    max: string({ description: 'largest of: cameras, operators, tiles, retention, bitrate', exclusive: ['min'] }),
    min: string({ description: 'least of: disks, nodes, cores, memory, uplink, nic, cards' }),
    given: string({ description: 'SETTING=VALUE, separated by commas', default: '' }),
    ...SOURCE_FLAGS,
    ...settingFlags(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanSolve)
    const solution = await solveQuestion(flags as PlanFlags & { given: string })
    const plan = planSite(solution.request, this.config.version)
    if (!this.jsonEnabled()) {
      const { renderSolution } = await import('../../src/cli/plan/solve-view.ts')
      this.result(renderSolution(solution, plan))
    }
    const { key, text, possible, unlimited } = solution
    return { key, value: text, possible, unlimited, plan }
  }
}
