/**
 * The demo's keeper: a process of its own that removes what the demo leaves behind when it cannot do so itself (`kill -9`, no
 * memory). Its standard input is a pipe from the demo; when that ends, however the demo ended, whatever still runs on the state
 * directory named as argument is killed, and the directory, which holds passwords, is removed. The recordings stay.
 */
import { rmSync } from 'node:fs'
import { killAll } from './own-processes.ts'

const [stateDir] = process.argv.slice(2)
if (stateDir === undefined) process.exit(2)

process.stdin.on('error', () => {})
process.stdin.once('close', () => {
  killAll(stateDir)
  rmSync(stateDir, { recursive: true, force: true })
})
process.stdin.resume()
