import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { crontabWord, systemdWord } from '../../src/service/quote.ts'
import { renderService, type ServiceFacts, type ServiceFile } from '../../src/service/templates.ts'

const FACTS: ServiceFacts = {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  vmsctl: '/opt/vmsctl/bin/vmsctl',
  config: '/etc/vmsctl/vms.yaml',
  storage: '/srv/archive',
  credentials: [],
  user: 'vmsctl',
}
const render = (file: ServiceFile, facts: Partial<ServiceFacts> = {}) =>
  renderService(file, { ...FACTS, root: FACTS.root, ...facts })

describe('the templates', () => {
  it.each(['system', 'user', 'crontab', 'sysusers'] as const)('%s leaves no blank', file => {
    expect(render(file)).not.toMatch(/\{\{|\}\}|undefined/)
  })

  it('name command and configuration', () => {
    for (const file of ['system', 'user'] as const)
      expect(render(file)).toContain('ExecStart=/opt/vmsctl/bin/vmsctl daemon run --config /etc/vmsctl/vms.yaml\n')
    expect(render('crontab')).toContain(
      '@reboot /opt/vmsctl/bin/vmsctl daemon start --quiet --config /etc/vmsctl/vms.yaml\n',
    )
    expect(render('crontab')).toContain('*/5 * * * * /opt/vmsctl/bin/vmsctl status --quiet\n')
  })

  it('load the credentials that the configuration refers to', () => {
    expect(render('system')).toContain('# LoadCredential=NAME:/etc/vmsctl/credentials/NAME\n')
    expect(render('system', { credentials: ['axis', 'hik'] })).toContain(
      'LoadCredential=axis:/etc/vmsctl/credentials/axis\nLoadCredential=hik:/etc/vmsctl/credentials/hik\n',
    )
  })

  it('open home directories only as far as the site needs them', () => {
    const home = (facts: Partial<ServiceFacts>) => /ProtectHome=(.*)/.exec(render('system', facts))?.[1]
    const elsewhere = { ...FACTS, root: FACTS.root }
    expect(home({ ...elsewhere, storage: '/home/anna/archive' })).toBe('no')
    expect(home({ ...elsewhere, config: '/home/anna/vms.yaml' })).toBe('read-only')
    if (!/^\/(home|root)\//.test(FACTS.root)) expect(home(elsewhere)).toBe('yes')
  })

  it('quote what systemd, the shell and cron would take apart', () => {
    expect(systemdWord('/a/b-1.yaml')).toBe('/a/b-1.yaml')
    expect(systemdWord('/a b/100%/$x"y\\')).toBe('"/a b/100%%/$$x\\"y\\\\"')
    expect(crontabWord("/a b/it's 5%")).toBe("'/a b/it'\\''s 5\\%'")
    expect(() => render('system', { config: '/a\nExecStartPre=/bin/sh' })).toThrow('line break')
  })
})
