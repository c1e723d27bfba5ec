import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Calls `onLine` with each line of a stream. A line longer than `limit` characters ends the stream with an error. */
export function eachLine(stream: Readable, limit: number, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    const lines = decoder.write(chunk).split('\n')
    const rest = lines.pop()!
    for (const line of lines) {
      const whole = parts.length === 0 ? line : parts.join('') + line
      parts = []
      length = 0
      if (whole.trim() !== '') onLine(whole)
    }
    if (rest === '') return
    parts.push(rest)
    length += rest.length
    if (length > limit) stream.destroy(new Error(`a line of more than ${limit} characters`))
  })
}
