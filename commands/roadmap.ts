import { string } from '@oclif/core/flags'
import { BaseCommand } from '../src/cli/base-command.ts'
import { comparedSite } from '../src/cli/compare/site-request.ts'
import { SOURCE_FLAGS, settingFlags } from '../src/cli/plan/plan-flags.ts'
import type { PlanFlags } from '../src/cli/plan/plan-request.ts'
import { reportFlags } from '../src/cli/report-flags.ts'
import { tellReport } from '../src/cli/tell-report.ts'
import { type Roadmap as Road, roadmapOf } from '../src/planning/roadmap/index.ts'

export default class Roadmap extends BaseCommand {
  static override summary = 'Say what each phase saves, costs and risks at this site, and what proves it'
  static override description =
    `On demand and hardware, then shared relay and adaptive, then edge: each on top of the one before, with what the first design promised beside
what it comes to here. The site is vms.yaml, or what the flags of \`vmsctl plan\` say.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cameras 200 --operators 4 --tiles 16',
    '<%= config.bin %> <%= command.id %> --cameras 200 --md -o roadmap.md',
  ]
  static override flags = {
    still: string({ description: 'share of watched streams that adaptive rates make smaller', default: '25%' }),
    ...reportFlags(['md', 'html']),
    ...SOURCE_FLAGS,
    ...settingFlags(),
  }

  async run(): Promise<Road> {
    const { flags } = await this.parse(Roadmap)
    const site = await comparedSite(flags as unknown as PlanFlags & { still: string })
    const roadmap = roadmapOf(site.request, { ...site, vmsctl: this.config.version })
    const { roadmapAnswer } = await import('../src/cli/roadmap/roadmap-words.ts')
    const report = {
      formats: {
        md: async () => (await import('../src/cli/roadmap/roadmap-markdown.ts')).roadmapMarkdown(roadmap),
        html: async () => (await import('../src/cli/roadmap/roadmap-html.ts')).roadmapHtml(roadmap),
      },
      screen: async (to: 'terminal' | 'file') => {
        const { renderRoadmap } = await import('../src/cli/roadmap/roadmap-view.ts')
        const { paletteFor, PLAIN } = await import('../src/cli/palette.ts')
        return renderRoadmap(roadmap, to === 'file' ? PLAIN : await paletteFor(process.stdout, process.env))
      },
      answer: roadmapAnswer(roadmap),
      json: roadmap,
    }
    this.result(await tellReport(report, { ...flags, json: this.jsonEnabled() }))
    return roadmap
  }
}
