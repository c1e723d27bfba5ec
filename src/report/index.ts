/* What reports of any kind are made of: CSV, a page of HTML that needs nothing else, a file that is whole or not there. */
export { csv } from './csv.ts'
export { escapeHtml, htmlPage } from './html-page.ts'
export { reportTemplate } from './template.ts'
export { writeReport } from './write-report.ts'
