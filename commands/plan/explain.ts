import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import type { Explanation } from '../../src/planning/formulas/index.ts'

export default class PlanExplain extends BaseCommand {
  static override summary = 'Show a formula of the planner, where it comes from, and its value'
  static override description =
    `The formula in symbols and words, its inputs with defaults, and how far each can be trusted: measured by vmsctl, said by a
vendor, from a secondary source, derived, or an assumption. Without a formula all are listed, with a group (storage, raid, viewers) its own.
Inputs are set with their units (4Mbps, 16TB, 30d, 5%). One of them may be a list, such as 1,2,5: then there is a line for each.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> storage.volume --set bitrate=6Mbps --set days=60',
    '<%= config.bin %> <%= command.id %> viewers.closed --set viewers=1,10,20,50 --set tiles=9',
    "<%= config.bin %> <%= command.id %> raid.ure --set disks=11 --json | jq '.result.value'",
  ]
  static override args = { formula: argument({ description: 'its name, or a group; all by default', required: false }) }
  static override flags = {
    set: string({ char: 's', multiple: true, description: 'an input and its value, like bitrate=4Mbps' }),
  }

  async run(): Promise<Explanation | { formulas: { id: string; title: string; inputs: string[] }[] }> {
    const { args, flags } = await this.parse(PlanExplain)
    const { explain, findFormula, formulaGroups, isGroup } = await import('../../src/planning/formulas/index.ts')
    const { renderExplanation, renderFormulaList } = await import('../../src/cli/formula-view.ts')
    if (args.formula === undefined || isGroup(args.formula)) {
      if (flags.set !== undefined) throw new VmsError('VMS_E_USAGE', '--set needs the formula whose input it sets')
      const groups = formulaGroups(args.formula)
      this.result(renderFormulaList(groups))
      return {
        formulas: [...groups.values()]
          .flat()
          .map(({ id, title, inputs }) => ({ id, title, inputs: Object.keys(inputs) })),
      }
    }
    const explanation = explain(findFormula(args.formula), flags.set)
    this.result(renderExplanation(explanation))
    return explanation
  }
}
