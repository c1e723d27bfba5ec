import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { SOURCE_FLAGS, settingFlags } from '../../src/cli/plan/plan-flags.ts'
import { type PlanFlags, parseGiven, planDraft } from '../../src/cli/plan/plan-request.ts'
import { composeInputs, planSite, say } from '../../src/planning/index.ts'
import { changesOf, settingsChanged } from '../../src/planning/solve/what-if.ts'

export default class PlanWhatIf extends BaseCommand {
  static override summary = 'Show two plans side by side, and what changes'
  static override description =
    'The flags say what the plan is now, as for `vmsctl plan`; each --set changes one setting of it. Only what differs is shown.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cameras 200 --set cameras=300 --set retention=60d',
    '<%= config.bin %> <%= command.id %> --from plan.json --set record-at=edge',
  ]
  static override flags = {
    ...SOURCE_FLAGS,
    set: string({
      multiple: true,
      multipleNonGreedy: true,
      required: true,
      description: 'SETTING=VALUE; may be repeated',
    }),
    ...settingFlags(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanWhatIf)
    const { draft } = await planDraft(flags as PlanFlags)
    const changed = structuredClone(draft)
    for (const text of flags.set as string[]) {
      const { key, text: value, shown } = parseGiven(text, '--set')
      say(changed, key, value, { by: 'flag', shown })
    }
    const before = planSite(composeInputs(draft), this.config.version)
    const after = planSite(composeInputs(changed), this.config.version)
    const settings = settingsChanged(before, after)
    const changes = changesOf(before, after)
    if (!this.jsonEnabled()) {
      const { renderChanges } = await import('../../src/cli/plan/what-if-view.ts')
      this.result(renderChanges(before, after, settings, changes))
    }
    return { settings, changes, before, after }
  }
}
