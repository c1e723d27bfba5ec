import { string } from '@oclif/core/args'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { readText } from '../../src/cli/plan/read-text.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import { type PlanResult, planSite } from '../../src/planning/index.ts'
import { parsePlanFile } from '../../src/planning/inputs/plan-file.ts'
import { differencesOf } from '../../src/planning/model/differences.ts'

export default class PlanRerun extends BaseCommand {
  static override summary = 'Compute a plan file again, and compare every figure with what stands in it'
  static override description =
    `The same inputs and seed give the same figures to the last digit. Exits with 8 when a figure differs: the file was
edited, or another vmsctl made it. To change something, use \`vmsctl plan --from FILE\` or what-if.`
  static override examples = ['<%= config.bin %> <%= command.id %> plan.json']
  static override args = { file: string({ description: 'a plan that `vmsctl plan --json` wrote', required: true }) }

  async run(): Promise<PlanResult> {
    const { args } = await this.parse(PlanRerun)
    const file = parsePlanFile(readText(args.file, 'FILE'), args.file)
    const plan = planSite({ inputs: file.inputs, origins: file.origins }, this.config.version)
    const differences = differencesOf(file.whole, plan)
    if (differences.length > 0) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) {
      const { renderPlan } = await import('../../src/cli/plan/plan-view.ts')
      const { paletteFor } = await import('../../src/cli/palette.ts')
      this.result(renderPlan(plan, await paletteFor(process.stdout, process.env)))
      this.result(
        differences.length === 0
          ? `Every figure is that of ${args.file}, to the last digit.`
          : `${differences.length} figures are not those of ${args.file}, by vmsctl ${file.vmsctl}:\n${differences.slice(0, 10).join('\n')}`,
      )
    }
    return plan
  }
}
