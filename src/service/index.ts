/* vmsctl as a service of the machine: systemd units and a crontab, from templates/. */
export { type InstallReport, installService } from './install.ts'
export { siteFacts } from './site-facts.ts'
export { renderService, type ServiceFacts, type ServiceFile } from './templates.ts'
