import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { SOURCE_FLAGS, settingFlags } from '../src/cli/plan/plan-flags.ts'
import { type PlanFlags, planDraft } from '../src/cli/plan/plan-request.ts'
import { reportFlags } from '../src/cli/report-flags.ts'
import { tellReport } from '../src/cli/tell-report.ts'
import { EXIT_CODES } from '../src/kernel/errors.ts'
import { composeInputs, planSite } from '../src/planning/index.ts'

export default class Plan extends BaseCommand {
  static override summary = 'Say what a site needs, what it costs, and what breaks first'
  static override description =
    `Needs no daemon and no configuration. What is not said is assumed, and listed with its grade. Who goes before whom: flags, then
--measured and --bench, then the cameras and settings of --from, --from-csv or vms.yaml (read when none says how many cameras there
are), then defaults. With --json it writes a plan file (docs/plan-file.md) for rerun, what-if and --from.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cameras 200',
    '<%= config.bin %> <%= command.id %> --cameras 200 --bitrate 2Mbps,4Mbps,6Mbps --retention 60d --uplink 10Gbps',
    '<%= config.bin %> <%= command.id %> --from-csv cameras.csv --disks 28x16TB --json > plan.json',
    '<%= config.bin %> <%= command.id %> --cameras 200 --html -o plan.html',
    '<%= config.bin %> <%= command.id %> --measured --bench bench.json',
    '<%= config.bin %> <%= command.id %> --from plan.json --check --tolerance 20%',
  ]

  static override flags = {
    ...SOURCE_FLAGS,
    assumptions: boolean({ description: 'list every setting with its value, grade and source' }),
    check: boolean({ description: 'compare the plan with the running site, and exit with 8 beyond the tolerance' }),
    tolerance: string({ description: 'by how much --check lets the site exceed the plan', default: '20%' }),
    ...reportFlags(['csv', 'md', 'html']),
    ...settingFlags(),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Plan)
    const { draft, measured } = await planDraft(flags as PlanFlags)
    const plan = planSite(composeInputs(draft), this.config.version)
    if (flags.check) {
      const { checkSite, renderCheck } = await import('../src/cli/plan/plan-check.ts')
      const check = await checkSite(plan, flags)
      if (!check.ok) this.fail(EXIT_CODES.check)
      this.result(renderCheck(check))
      return check
    }
    const { planReport } = await import('../src/cli/plan/report/plan-report.ts')
    const report = planReport(plan, { measured, assumptions: flags.assumptions })
    this.result(await tellReport(report, { ...flags, json: this.jsonEnabled() }))
    return report.json
  }
}
