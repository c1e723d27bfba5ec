/**
 * The keeper of a demo or a bench: a process of its own that removes what they leave behind when they cannot do so themselves
 * (`kill -9`, no memory). Its standard input is a pipe from them; when that ends, however they ended, whatever still runs on the
 * directory named as argument is killed, and the directory, which holds passwords, is removed.
 */
import { rmSync } from 'node:fs'
import { killAll } from './own-processes.ts'

const [directory] = process.argv.slice(2)
if (directory === undefined) process.exit(2)

process.stdin.on('error', () => {})
process.stdin.once('close', () => {
  killAll(directory)
  rmSync(directory, { recursive: true, force: true })
})
process.stdin.resume()
