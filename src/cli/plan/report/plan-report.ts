import type { PlanResult } from '../../../planning/model/types.ts'
import { PLAIN, paletteFor } from '../../palette.ts'
import type { Report } from '../../tell-report.ts'
import type { MeasuredSite } from '../measured-site.ts'
import { breaks, renderPlan, subject } from '../plan-view.ts'

/** A plan in every format; only the one that is asked for is made. */
export function planReport(plan: PlanResult, of: { measured: MeasuredSite | null; assumptions: boolean }): Report {
  return {
    formats: {
      csv: async () => (await import('./plan-csv-report.ts')).planCsv(plan),
      md: async () => (await import('./plan-markdown.ts')).planMarkdown(plan),
      html: async () => (await import('./plan-html.ts')).planHtml(plan),
    },
    screen: async to => {
      const parts = [renderPlan(plan, to === 'file' ? PLAIN : await paletteFor(process.stdout, process.env))]
      if (of.measured) parts.push((await import('../measured-view.ts')).renderMeasured(of.measured))
      if (of.assumptions) parts.push((await import('../assumptions-view.ts')).renderAssumptions(plan))
      return parts.join('\n')
    },
    answer: [subject(plan), ...breaks(plan, PLAIN)].join('. '),
    json: of.measured ? { ...plan, measured: of.measured } : plan,
  }
}
