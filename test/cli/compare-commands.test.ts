import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'
import { tagsBalance } from '../support/well-formed.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vmsctl-compare-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const FEW = ['--cameras', '200', '--draws', '256']

async function refused(...args: string[]): Promise<string> {
  const { code, err, out } = await runCommand(args)
  expect(out).toBe('')
  expect(code, err).toBe(2)
  return err
}

describe('compare', () => {
  it('shows six architectures, ingest, viewing and uplink apart, and the best of a row', async () => {
    const { out, code } = await runCommand(['compare', ...FEW])
    expect(code).toBe(0)
    expect(out).toMatch(/naive dual-stream +on demand +on demand \+ hardware +shared relay +adaptive +edge/)
    expect(out).toMatch(/ingest, recording, by day( +80\d Mbps){6}\n/)
    expect(out).toMatch(/ingest, viewing +1\d\d Mbps( +8\d(\.\d)? Mbps \*){5}/)
    expect(out).toMatch(/uplinks to the centre, at night.* 2\d\d Mbps \*\n/)
    expect(out.match(/Gives up:/g)).toHaveLength(6)
  })
  it('takes names, and refuses one that it does not know with the nearest', async () => {
    const { out } = await runCommand(['compare', 'edge', 'naive', ...FEW])
    expect(out).toMatch(/naive dual-stream +edge\n/)
    expect(await refused('compare', 'on-demnd', ...FEW)).toMatch(
      /"on-demnd" is not an architecture.*did you mean "on-demand"\?/s,
    )
  })
  it('shows the document as it stands, for its 200 cameras, beside measured costs, and what contradicts what', async () => {
    const { out, code } = await runCommand(['compare', '--as-documented'])
    expect(code).toBe(0)
    expect(out).toMatch(/ingest +1\.2 Gbps +1\.2 Gbps +840 Mbps +840 Mbps/)
    expect(out).toMatch(/CPU, cores +120 +89 +80 +1\.1/)
    expect(out).toMatch(/bandwidth saved +30 %/)
    expect(out).toMatch(/CPU saved +33\.3 % +98\.7 %/)
    expect(out).toMatch(/saved at 300 USD a core +12,000 USD/)
    for (const id of ['copy-cpu', 'cores-saved', 'shared-percent', 'on-demand-ingest']) expect(out).toContain(`(${id})`)
  })
  it('gives JSON of a stable kind and version', async () => {
    const { out } = await runCommand(['compare', ...FEW, '--json'])
    const { kind, version, architectures, documented, contradictions } = JSON.parse(out)
    expect([kind, version, architectures.length, documented.cameras]).toEqual(['vmsctl-comparison', 1, 6, 200])
    expect(contradictions.length).toBeGreaterThanOrEqual(4)
  })
  it.each([
    [['--still', '25'], /--still/],
    [['--still', '200%'], /--still/],
    [['--bitrate', '4'], /--bitrate: "4" of what/],
    [['--md', '--html'], /html|md/],
    [['-o', 'x.pdf'], /no report is written as \.pdf.*\.md, \.html/s],
  ])('refuses %j and names it', async (args, message) => {
    expect(await refused('compare', ...FEW, ...(args as string[]))).toMatch(message)
  })
})

describe('roadmap', () => {
  it('shows the phases with what was promised and what it comes to', async () => {
    const { out, code } = await runCommand(['roadmap', ...FEW])
    expect(code).toBe(0)
    expect(out.match(/^Phase \d \(weeks .*$/gm)).toEqual([
      'Phase 1 (weeks 1-2): on demand',
      'Phase 1 (weeks 1-2): on demand + hardware',
      'Phase 2 (weeks 3-4): shared relay',
      'Phase 2 (weeks 3-4): adaptive',
      'Phase 3 (weeks 5-8): edge',
    ])
    expect(out).toMatch(/Promised: 70 to 80 % of sub-stream bandwidth\. Here:\s+2\d/)
    expect(out).toMatch(/buys 2 cards \(5,000 USD\)/)
  })
  it('is about the site of vms.yaml where no flag counts cameras', async () => {
    const file = join(dir, 'vms.yaml')
    const cameras = Array.from({ length: 7 }, (_, i) => `  - id: c${i}\n    main: rtsp://10.0.0.${i + 1}/a\n`)
    writeFileSync(file, `storage:\n  path: ${dir}\ncameras:\n${cameras.join('')}`)
    const { out, err } = await runCommand(['roadmap', '--config', file, '--json', '--tiles', '4', '--draws', '256'])
    expect(JSON.parse(out || err).cameras).toBe(7)
  })
  it('asks for cameras where there are none to count', async () => {
    const before = process.cwd()
    process.chdir(dir)
    try {
      expect(await refused('roadmap')).toMatch(/how many cameras\?/)
    } finally {
      process.chdir(before)
    }
  })
})

describe('reports', () => {
  it.each(['plan', 'compare', 'roadmap'])(
    'of %s: HTML that is whole, in one file, without a reference to elsewhere',
    async command => {
      const file = join(dir, `${command}.html`)
      const { out } = await runCommand([command, ...FEW, '-o', file])
      expect(out.trim().split('\n')).toHaveLength(1)
      const html = readFileSync(file, 'utf8')
      expect(tagsBalance(html)).toBe('')
      expect(html).not.toMatch(/<script|<link|<img|<a |src=|href=|url\(|@import/)
      // Addresses stand there as text, of sources; the one attribute is the name space of SVG.
      expect(html.match(/="https?:[^"]*"/g)?.filter(one => one !== '="http://www.w3.org/2000/svg"') ?? []).toEqual([])
      for (const [, id] of html.matchAll(/aria-labelledby="([^"]+)"/g))
        for (const part of id!.split(' ')) expect(html.split(` id="${part}"`)).toHaveLength(2)
      expect(html.match(/<svg /g)!.length).toBeGreaterThanOrEqual(3)
    },
  )
  it.each(['plan', 'compare', 'roadmap'])('of %s: Markdown with whole tables', async command => {
    const { out } = await runCommand([command, ...FEW, '--md'])
    expect(out).toMatch(/^# \w/)
    let columns = 0
    for (const line of out.split('\n')) {
      const bars = line.startsWith('|') ? line.match(/(?<!\\)\|/g)!.length : 0
      if (columns > 0 && bars > 0) expect(bars, line).toBe(columns)
      columns = bars
    }
  })
  it('of a plan: CSV of every figure, the bill and the limits in base units', async () => {
    const { out } = await runCommand(['plan', ...FEW, '--csv'])
    const [head, ...lines] = out.trim().split(/\r?\n/)
    expect(head).toBe('kind,id,name,unit,p50,p90,p95,note,grade')
    expect(lines.find(line => line.startsWith('figure,ingest.recording.day,'))).toMatch(/,bit\/s,80\d{7}\./)
    expect(new Set(lines.map(line => line.split(',')[0]))).toEqual(new Set(['figure', 'watched', 'bill', 'limit']))
  })
  it('of no cameras are fair answers too', async () => {
    for (const command of ['plan', 'compare', 'roadmap'])
      for (const format of ['--md', '--html']) {
        const { out, code } = await runCommand([command, '--cameras', '0', '--draws', '64', format])
        expect(code).toBe(0)
        expect(out).not.toMatch(/NaN|Infinity|undefined/)
      }
  })
  it('are written as JSON where the file is named so', async () => {
    const file = join(dir, 'plan.json')
    await runCommand(['plan', ...FEW, '-o', file])
    expect(JSON.parse(readFileSync(file, 'utf8')).kind).toBe('vmsctl-plan')
    expect((await runCommand(['plan', 'rerun', file])).code).toBe(0)
  })
  it('that cannot be written say so, with exit code 5', async () => {
    const { code, err } = await runCommand(['plan', ...FEW, '-o', join(dir, 'none/x.html')])
    expect([code, err]).toEqual([5, expect.stringContaining('cannot be written')])
  })
})
