/** Reads one camera's day after the other until it is told to stop, and tells how long the slowest took. For the archive's bench. */
import { openIndex } from '../../recording/segment-index/open-index.ts'
import { SegmentIndex } from '../../recording/segment-index/segment-index.ts'
import { cameraName } from './synthetic-archive.ts'

const [path = '', cameras = '1', from = '0', days = '1'] = process.argv.slice(2)
const DAY = 86_400_000
const database = openIndex(path)
const index = new SegmentIndex(database)
let slowest = 0
let reads = 0
let running = true
process.on('message', () => {
  running = false
})

const turn = () => {
  const start = Number(from) + (reads % Number(days)) * DAY
  const before = performance.now()
  index.segments(cameraName(reads % Number(cameras)), { start, end: start + DAY })
  slowest = Math.max(slowest, performance.now() - before)
  reads++
  if (running) return setImmediate(turn)
  database.close()
  process.send?.({ reads, slowest })
  process.disconnect()
}
turn()
process.send?.('ready')
