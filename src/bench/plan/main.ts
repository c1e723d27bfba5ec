/** `npm run bench:plan`: how long a plan takes, the whole model in every draw, and how near its P95 is to that of many more. */
import { composeInputs, emptyDraft, type PlanResult, planSite, say } from '../../planning/index.ts'

const ROUNDS = 11
const REFERENCE = 200_000

function plan(cameras: number, draws: number, seed = 1): PlanResult {
  const draft = emptyDraft()
  for (const [key, value] of Object.entries({ cameras, draws, seed }))
    say(draft, key, String(value), { by: 'flag', shown: `--${key}` })
  return planSite(composeInputs(draft), 'bench')
}

/** Milliseconds: the first, as a command pays it, and the median of those after it. */
function time(cameras: number, draws: number): { first: number; median: number } {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    plan(cameras, draws)
    return performance.now() - start
  })
  const first = times[0]!
  return { first, median: times.sort((a, b) => a - b)[ROUNDS >> 1]! }
}

for (const [cameras, draws] of [
  [200, 1_024],
  [200, 10_000],
  [1_000_000, 1_024],
  [1_000_000, 10_000],
] as const) {
  const { first, median } = time(cameras, draws)
  console.log(`${cameras} cameras, ${draws} draws: first ${first.toFixed(0)} ms, median ${median.toFixed(0)} ms`)
}
const exact = plan(200, REFERENCE, 99)
for (const draws of [1_024, 10_000]) {
  const off = Array.from({ length: 8 }, (_, seed) => plan(200, draws, seed)).flatMap(({ figures }) =>
    figures.map(({ p95 }, i) => (exact.figures[i]!.p95 === 0 ? 0 : Math.abs(p95 / exact.figures[i]!.p95 - 1))),
  )
  console.log(
    `${draws} draws: P95 of any figure at most ${(Math.max(...off) * 100).toFixed(2)} % from that of ${REFERENCE}`,
  )
}
