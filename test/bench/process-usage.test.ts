import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { parsePss, parseStat, processTree, processUsage } from '../../src/bench/process-usage.ts'
import { UsageMeter } from '../../src/bench/usage-meter.ts'
import { systemClock } from '../../src/kernel/clock.ts'

describe('process usage', () => {
  it('reads a stat line whose name holds spaces and parentheses', () => {
    const line =
      '42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 11 0 12345 1000000 2000 18446744073709551615'
    expect(parseStat(line)).toEqual({ parent: 7, user: 2.5, system: 0.5, rss: 2000 * 4096 })
    expect(parseStat('nonsense')).toBeUndefined()
  })

  it('reads PSS, and says so where there is none', () => {
    expect(parsePss('00400000-7ff [rollup]\nRss:  100 kB\nPss:                  51 kB\n')).toBe(51 * 1024)
    expect(parsePss('')).toBeNull()
  })

  it('sees this process, and nothing of one that is gone', () => {
    expect(processUsage(process.pid, true)!.rss).toBeGreaterThan(10e6)
    expect(processUsage(2 ** 22 + 1, false)).toBeUndefined()
  })

  it('counts what children use', async () => {
    const child = spawn('sh', ['-c', 'while :; do :; done & wait'], { detached: true, stdio: 'ignore' })
    const meter = new UsageMeter(systemClock, () => [child.pid!])
    meter.begin()
    await new Promise(resolve => setTimeout(resolve, 600))
    meter.sample()
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(processTree([child.pid!]).length).toBe(2)
    const usage = meter.end()
    process.kill(-child.pid!, 'SIGKILL')
    await once(child, 'exit')
    expect(usage.processes).toBe(2)
    expect(usage.cpu).toBeGreaterThan(5)
    expect(usage.cpu).toBeCloseTo(usage.user + usage.system, 0)
  })
})
