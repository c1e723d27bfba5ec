/**
 * Virtual cameras as a process of their own, without the start-up of the command line: what tests, the demo and the
 * benchmark run. The first line of stdin is the options as JSON, null for undefined (so no password stands in argv); then control lines, as in
 * control-protocol.ts. The first line of stdout is `{"ready": {url, pid, cameras}}` or `{"error": {code, message}}`. Ends
 * with stdin, on `stop`, and on SIGTERM and SIGINT.
 */
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { answerControl, CONTROL_LINE_LIMIT } from './control-protocol.ts'
import { eachLine } from './json-lines.ts'
import type { VirtualCamerasOptions } from './options.ts'
import { VirtualCameras } from './virtual-cameras.ts'

let cameras: VirtualCameras | undefined

async function begin(line: string): Promise<void> {
  try {
    // null stands for undefined, which JSON has not.
    const entries = Object.entries(JSON.parse(line) as object).map(([key, value]) => [key, value ?? undefined])
    cameras = new VirtualCameras(Object.fromEntries(entries) as Partial<VirtualCamerasOptions>)
    const { url } = await cameras.start()
    say({ ready: { url, pid: process.pid, cameras: cameras.cameras } })
  } catch (error) {
    say({ error: { code: error instanceof VmsError ? error.code : 'VMS_E_BUG', message: messageOf(error) } })
    process.exitCode = 1
    process.stdin.destroy()
  }
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

let ending = false
async function end(): Promise<void> {
  if (ending) return
  ending = true
  await cameras?.stop()
  process.stdin.destroy()
}

let begun: Promise<void> | undefined
eachLine(process.stdin, CONTROL_LINE_LIMIT, line => {
  if (!begun) {
    begun = begin(line)
    return
  }
  void begun.then(() => {
    if (cameras) say(answerControl(cameras, line, () => void end()))
  })
})
process.stdin.on('end', () => void end())
process.stdin.on('error', () => void end())
// Whoever started us is gone: stdin ends too.
process.stdout.on('error', () => {})
process.on('SIGTERM', () => void end())
process.on('SIGINT', () => void end())
