/**
 * `npm test`: the checks, then every test, then one last line with the counts. A failing check does not keep the tests from
 * running, and counts as one failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'vmsctl-test-'))
const report = join(folder, 'report.json')

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

const checked = run('npm', ['run', '--silent', 'check'])
const built = run('npm', ['run', '--silent', 'build'])
const passedAll = run('vitest', [
  'run',
  '--coverage',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
])

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

let counts = { passed: 0, failed: 1, skipped: 0 }
try {
  const result = JSON.parse(readFileSync(report, 'utf8')) as Report
  const tests = result.testResults.flatMap(file => file.assertionResults)
  const skipped = tests.filter(test => test.status === 'skipped' || test.status === 'pending' || test.status === 'todo')
  for (const test of skipped) console.log(`skipped: ${test.fullName}`)
  // A file that could not be loaded fails without a failed test of its own.
  const broken = result.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
  counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: skipped.length,
  }
  if (!passedAll && counts.failed === 0) counts.failed = 1
} catch {
  console.log('vitest left no report')
}
rmSync(folder, { recursive: true, force: true })
if (!checked) counts.failed++
if (!built) counts.failed++
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 ? 0 : 1
