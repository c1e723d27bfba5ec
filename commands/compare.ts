import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { comparedSite } from '../src/cli/compare/site-request.ts'
import { SOURCE_FLAGS, settingFlags } from '../src/cli/plan/plan-flags.ts'
import type { PlanFlags } from '../src/cli/plan/plan-request.ts'
import { reportFlags } from '../src/cli/report-flags.ts'
import { tellReport } from '../src/cli/tell-report.ts'
import { type Comparison, compareArchitectures, findArchitectures } from '../src/planning/compare/index.ts'

export default class Compare extends BaseCommand {
  static override summary = 'Compare architectures for a site, and with what the first design promised'
  static override description =
    `Naive dual-stream, on demand, on demand + hardware, shared relay, adaptive and edge, each on top of the one before: what comes in for
recording, for viewing and over the uplinks, CPU, cards, storage, power and cost, and what one gives up. Takes the flags of \`vmsctl plan\`.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cameras 200',
    '<%= config.bin %> <%= command.id %> naive on-demand edge --cameras 500 --uplink 10Gbps',
    '<%= config.bin %> <%= command.id %> --as-documented',
    '<%= config.bin %> <%= command.id %> --cameras 200 --transcode 0% --html -o compare.html',
  ]
  static override strict = false
  static override args = { architecture: argument({ description: 'architectures; all by default', required: false }) }
  static override flags = {
    'as-documented': boolean({
      description:
        "the owner's table as it stands in the document, the same with measured costs, and its contradictions",
    }),
    still: string({ description: 'share of watched streams that adaptive rates make smaller', default: '25%' }),
    ...reportFlags(['md', 'html']),
    ...SOURCE_FLAGS,
    ...settingFlags(),
  }

  async run(): Promise<Comparison> {
    const { flags, argv } = await this.parse(Compare)
    const architectures = findArchitectures(argv as string[])
    const own = ['cameras', 'from', 'from-csv', 'config'].some(key => key in flags) || flags.measured
    // The document is about 200 cameras.
    const counted = flags['as-documented'] && !own ? { ...flags, cameras: '200' } : flags
    const site = await comparedSite(counted as unknown as PlanFlags & { still: string })
    const comparison = compareArchitectures(site.request, { ...site, architectures, vmsctl: this.config.version })
    const { comparisonAnswer } = await import('../src/cli/compare/compare-tables.ts')
    const report = {
      formats: {
        md: async () => (await import('../src/cli/compare/compare-markdown.ts')).comparisonMarkdown(comparison),
        html: async () => (await import('../src/cli/compare/compare-html.ts')).comparisonHtml(comparison),
      },
      screen: async (to: 'terminal' | 'file') => {
        const { renderComparison, renderDocumented } = await import('../src/cli/compare/compare-view.ts')
        const { paletteFor, PLAIN } = await import('../src/cli/palette.ts')
        const palette = to === 'file' ? PLAIN : await paletteFor(process.stdout, process.env)
        return (flags['as-documented'] ? renderDocumented : renderComparison)(comparison, palette)
      },
      answer: comparisonAnswer(comparison),
      json: comparison,
    }
    this.result(await tellReport(report, { ...flags, json: this.jsonEnabled() }))
    return comparison
  }
}
