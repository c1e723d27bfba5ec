import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stateDirectory } from '../../src/config/index.ts'
import { makeStateDirectory } from '../../src/config/make-state-directory.ts'

const ALL = { VMSCTL_STATE_DIR: '/env', STATE_DIRECTORY: '/systemd:/second', XDG_STATE_HOME: '/xdg', HOME: '/home/u' }

describe('the state directory', () => {
  it('is the first of flag, variable, systemd, root, XDG and home', () => {
    const { VMSCTL_STATE_DIR: _, ...systemd } = ALL
    const { STATE_DIRECTORY: __, ...xdg } = systemd
    expect(stateDirectory({ flag: 'rel', env: ALL, uid: 1000, cwd: '/work' })).toBe('/work/rel')
    expect(stateDirectory({ env: ALL, uid: 1000 })).toBe('/env')
    expect(stateDirectory({ env: systemd, uid: 0 })).toBe('/systemd')
    expect(stateDirectory({ env: xdg, uid: 0 })).toBe('/var/lib/vmsctl')
    expect(stateDirectory({ env: xdg, uid: 1000 })).toBe('/xdg/vmsctl')
    expect(stateDirectory({ env: { HOME: '/home/u', XDG_STATE_HOME: 'relative' }, uid: 1000 })).toBe(
      '/home/u/.local/state/vmsctl',
    )
  })

  it('says so when there is no home', () => {
    expect(() => stateDirectory({ env: {}, uid: 1000 })).toThrow(
      expect.objectContaining({ code: 'VMS_E_STATE_DIRECTORY', exitCode: 5 }),
    )
  })
})

describe('making the state directory', () => {
  it('makes what is missing above it too, for owner and group alone, and leaves one that is there', () => {
    const base = mkdtempSync(join(tmpdir(), 'vms-state-'))
    const dir = join(base, 'a/b/c')
    makeStateDirectory(dir)
    makeStateDirectory(dir)
    expect(statSync(dir).mode & 0o007).toBe(0)
    rmSync(base, { recursive: true })
  })

  it.each(['/proc/x', '/proc/x/y', '/dev/null/x'])('ends with what to do where there can be none: %s', dir => {
    expect(() => makeStateDirectory(dir)).toThrow(
      expect.objectContaining({ code: 'VMS_E_STATE_DIRECTORY', hint: expect.stringContaining('--state-dir') }),
    )
  })
})

describe('the front door of the configuration', () => {
  it('loads neither the YAML parser nor the schema library', () => {
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      await import('./src/config/index.ts')
      console.log(loaded.filter(url => url.includes('node_modules')).join())`
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('\n')
  })
})
