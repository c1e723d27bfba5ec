import { readdirSync, readFileSync } from 'node:fs'

/** Command lines of all processes that name `text` in their arguments, or in their environment: those started below a directory. */
export function processesNaming(text: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    try {
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
      const commandLine = read('cmdline').replaceAll('\0', ' ')
      if (commandLine.includes(text) || read('environ').includes(text)) found.push(`${pid} ${commandLine}`)
    } catch {
      // It has ended, or is another user's.
    }
  }
  return found
}
